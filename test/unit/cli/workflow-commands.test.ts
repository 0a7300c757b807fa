import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProgram } from '../../../cli/program.ts'

type Command = ReturnType<typeof createProgram>

const text = readFileSync(new URL('../../../.github/workflows/release.yml', import.meta.url), 'utf8')
const lines = [...text.matchAll(/bin\/ballast (.*)/g)].map(([, words = '']) => words.split(' '))

/** The command that the words begin with, and the words after its name. */
function commandOf(words: readonly string[]): { command: Command | undefined; rest: readonly string[] } {
  let command: Command | undefined = createProgram()
  let rest = words
  while (command !== undefined && command.commands.length > 0) {
    const [name = '', ...more] = rest
    command = command.commands.find((one) => one.name() === name)
    rest = more
  }
  return { command, rest }
}

test('the release workflow bakes, tests and publishes by commands and options that there are', () => {
  expect(lines.map(([, verb]) => verb)).toEqual(['bake', 'test', 'publish'])
  for (const words of lines) {
    const { command, rest } = commandOf(words)
    expect(command, words.join(' ')).toBeDefined()
    const options = command?.options.map(({ long }) => long)
    expect(rest.filter((word) => word.startsWith('--') && !options?.includes(word))).toEqual([])
  }
})
