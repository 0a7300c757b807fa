import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Bodies of shell scripts that stand in for stock tools, by the tool's name; undefined leaves the tool out. */
export type ToolScripts = Readonly<Record<string, string | undefined>>

/**
 * Makes a directory for BALLAST_PG_BIN that holds the real tools, except those that a script wraps. In a script `$real` is
 * the tool itself; it sees every call, also the one that asks for the version, unless it begins with `onlyWork`.
 */
export async function wrapTools(directory: string, pgBin: string, scripts: ToolScripts): Promise<string> {
  await mkdir(directory, { recursive: true })
  for (const name of await readdir(pgBin)) {
    if (!(name in scripts)) await symlink(join(pgBin, name), join(directory, name))
  }
  for (const [name, body] of Object.entries(scripts)) {
    if (body === undefined) continue
    const path = join(directory, name)
    await writeFile(path, `#!/bin/sh\nreal='${join(pgBin, name)}'\n${body}\n`)
    await chmod(path, 0o755)
  }
  return directory
}

/** Lets the question for the version pass to the real tool, so that a script befalls the work alone. */
export const onlyWork = '[ "$1" = --version ] && exec "$real" "$@"\n'

/** First line of a script that announces in a file that it was called, and waits for another file before it goes on. */
export function holdAt(directory: string, moment: string): string {
  return `: > '${directory}/${moment}'\nwhile [ ! -e '${directory}/${moment}.go' ]; do sleep 0.02; done\n`
}
