import type { DrillScene } from './drill.ts'

/**
 * Changes server settings of a node for the time of a drill, where they need no restart; what ALTER SYSTEM had set there before
 * is put back.
 */
export async function alterSystem(
  { site, signal, restoreBy }: Pick<DrillScene, 'site' | 'signal' | 'restoreBy'>,
  node: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const before: string[] = []
  for (const name of Object.keys(settings)) before.push(await restoringSql(site, node, name, signal))
  restoreBy(async (end) => {
    await site.sql(node, `${before.join('\n')}\n${reloadSql}`, { signal: end })
  })
  const statements = Object.entries(settings).map(([name, value]) => settingSql(name, value))
  await site.sql(node, `${statements.join('\n')}\n${reloadSql}`, { signal })
}

const reloadSql = 'SELECT pg_reload_conf();'

async function restoringSql(site: DrillScene['site'], node: string, name: string, signal: AbortSignal): Promise<string> {
  const own = `SELECT '=' || setting FROM pg_file_settings WHERE name = '${name}' AND sourcefile LIKE '%/postgresql.auto.conf'`
  const found = await site.sql(node, own, { signal })
  return found === '' ? `ALTER SYSTEM RESET ${name};` : settingSql(name, found.slice(1))
}

function settingSql(name: string, value: string): string {
  return `ALTER SYSTEM SET ${name} = '${value.replaceAll("'", "''")}';`
}
