import { readFile } from 'node:fs/promises'

/** The controls of Lynis that docs/hardening.md says are declined: the first column of its table. */
export async function declinedControls(): Promise<string[]> {
  const text = await readFile(new URL('../../../docs/hardening.md', import.meta.url), 'utf8')
  return [...text.matchAll(/^\| `([A-Z]+-\d+)` \|/gm)].map(([, id = '']) => id)
}
