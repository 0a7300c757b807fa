import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readRunbook } from '../../support/runbooks/runbook-text.ts'

const head = ['```sh', '# Everywhere', 'NODE=10.0.0.11      # the node', "APP='host=10.0.0.11 port=6432'", '```'].join('\n')
const fence = (language: string, ...lines: string[]): string => ['', `\`\`\`${language}`, ...lines, '```', ''].join('\n')

test('variables come from the first block, commands from the others, with heading, place and line', () => {
  const steps = `${fence('sh', '# On your machine', 'one', 'two')}## 1. See\n${fence('text', 'shown')}${fence('sh', '# On $NODE, as root', 'three')}`
  expect(readRunbook(`# Title\n${head}\n${steps}`)).toEqual({
    variables: { NODE: '10.0.0.11', APP: 'host=10.0.0.11 port=6432' },
    blocks: [
      { heading: 'Title', line: 10, place: 'your machine', commands: 'one\ntwo' },
      { heading: '1. See', line: 21, place: 'NODE', commands: 'three' },
    ],
  })
})

test.each([
  ['nothing to follow', 'text', /there is no command/],
  ['a first block that sets nothing', fence('sh', '# On your machine', 'x'), /begins with "# Everywhere"/],
  ['a command among the variables', fence('sh', '# Everywhere', 'rm x'), /line 4: "rm x" sets no variable/],
  ['a block that does not say where', head + fence('sh', 'rm x'), /line 7: commands begin with/],
  ['a block for somebody else than root', head + fence('sh', '# On $NODE', 'x'), /commands begin with/],
  ['a language that nothing runs', head + fence('sql', 'SELECT 1'), /what they say is "text"/],
  ['a block without a language', head + fence('', 'x'), /what they say is "text"/],
  ['a block inside a list', `${head}\n   \`\`\`sh\n   x\n   \`\`\``, /line 6: a block must not be indented/],
  ['a block without an end', `${head}\n\`\`\`sh\n# On your machine`, /line 7: this block has no end/],
])('%s is refused', (_, markdown, message) => {
  expect(() => readRunbook(markdown)).toThrow(message)
})

const directory = new URL('../../../docs/runbooks/', import.meta.url)
const runbooks = readdirSync(directory).filter((name) => name !== 'README.md')

test.each(runbooks)('%s has the parts that each runbook has, and is followed by a test', (name) => {
  const text = readFileSync(new URL(name, directory), 'utf8')
  expect(readRunbook(text).blocks.length).toBeGreaterThan(2)
  for (const part of ['**When.**', '**You see.**', '## It is done when', '## Do not']) expect(text).toContain(part)
  const tests = new URL('../../integration/runbooks/', import.meta.url)
  const opens = `open('${name.replace('.md', '')}'`
  expect(readdirSync(tests).filter((file) => readFileSync(new URL(file, tests), 'utf8').includes(opens))).toHaveLength(1)
})
