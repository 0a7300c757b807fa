import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freshDirectory } from '../support/fresh-directory.ts'

const root = join(import.meta.dirname, '../..')
const directory = freshDirectory()

/** What the checks of the load tests say of a file among them: the lines that TypeScript refuses. */
async function refusedLines(lines: readonly string[]): Promise<number[]> {
  await mkdir(directory())
  await writeFile(join(directory(), 'planted.ts'), `${lines.join('\n')}\nexport {}\n`)
  await writeFile(join(directory(), 'package.json'), '{"type":"module"}')
  const config = {
    extends: join(root, 'loadtests/tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    include: ['planted.ts'],
  }
  await writeFile(join(directory(), 'tsconfig.json'), JSON.stringify(config))
  const args = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false', '--project', directory()]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return [...stdout.matchAll(/planted\.ts\((\d+),/g)].map(([, line]) => Number(line))
}

test('what there is only in Node, or not in k6, is refused before k6 would run it', async () => {
  const lines = [
    "export const plan = open(__ENV.PLAN_FILE ?? '')",
    'export const secret = process.env.SECRET',
    "export const bytes = Buffer.from('x')",
    "export const wrong: number = 'text'",
    "import 'node:fs'",
  ]
  expect(await refusedLines(lines)).toEqual([2, 3, 4, 5])
})
