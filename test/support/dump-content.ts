import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { start } from '../../functions/platform/process/start.ts'
import { BlockReader } from '../../functions/verify/schema-blocks.ts'
import type { SandboxConnections } from '../../sandbox/connections.ts'
import { sessionEnvironment } from '../../sandbox/psql.ts'

const shownCharacters = 2_000

/**
 * Everything that stock pg_dump says of a database, rows included, one text per object, in one order: two databases are
 * the same exactly when these are. Rows of a table are sorted; long texts are shown by their start and their hash.
 */
export async function dumpContent(sandbox: SandboxConnections, url: string): Promise<string[]> {
  const env = { PATH: '/usr/bin:/bin', ...sessionEnvironment(url) }
  const child = start({ command: join(sandbox.pgBin, 'pg_dump'), args: ['--format=plain'], env })
  child.stdout.setEncoding('utf8')
  const texts = new Map<string, string[]>()
  const reader = new BlockReader(({ name, body }) => {
    // The rows of partitions that are hashed by an enum land by its OIDs, which each database gives anew.
    const merged = name.replace(/^(TABLE DATA fidelity\.by_feeling)_\d$/, '$1')
    const lines = name.startsWith('TABLE DATA ') ? body.split('\n').sort().join('\n') : body
    texts.set(merged, [...(texts.get(merged) ?? []), lines])
  })
  for await (const line of createInterface({ input: child.stdout }))
    reader.line(line.replace(/^-- Data for Name: /, '-- Name: '))
  await child.done
  reader.end()
  return [...texts].map(([name, bodies]) => `${name}\n${shortened(bodies.join('\n').split('\n').sort().join('\n'))}`).sort()
}

function shortened(text: string): string {
  if (text.length <= shownCharacters) return text
  return `${text.slice(0, shownCharacters)}... ${createHash('sha256').update(text).digest('hex')}`
}
