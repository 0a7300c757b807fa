import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProgram } from '../../../cli/program.ts'
import { writtenFiles } from '../../architecture/tracked-files.ts'

const documents = writtenFiles().filter((path) => /^(?:README|docs\/).*\.md$/.test(path))

/** Command lines of Ballast in a document's blocks of shell: `images seed --node db-1 --out seed/db-1`, one each. */
function commandLines(path: string): string[] {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block.replaceAll('\\\n', ' '))
  const lines = blocks.join('\n').split('\n')
  return lines.flatMap(
    (line) => /^ *(?:sudo )?(?:\w+=\S+ )?(?:\.\/bin\/)?ballast (.*?)(?: #.*| \|\| true)?$/.exec(line)?.[1]?.trim() ?? [],
  )
}

const cases = documents.flatMap((path) => commandLines(path).map((line) => [path, line] as const))

test('commands are found where there are some', () => {
  expect(commandLines('docs/images.md')).toContain('images seed --node db-2 --out seed/db-2')
  expect(new Set(cases.map(([path]) => path)).size).toBeGreaterThan(10)
})

test.each(cases)('%s: ballast %s', (_, line) => {
  let command = createProgram()
  for (const word of line.split(/\s+/)) {
    if (word === '--version' || word === '--help') return
    const [option = ''] = word.split('=')
    if (option.startsWith('--')) expect(command.options.map(({ long }) => long)).toContain(option)
    else command = command.commands.find((candidate) => candidate.name() === word) ?? command
  }
  expect(command.name()).not.toBe('ballast')
  expect(command.commands).toEqual([])
})
