import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { outlineOf } from './outline.ts'

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

test.each([
  ['README.md', 'README.pt-BR.md'],
  ['docs/handover.md', 'docs/handover.pt-BR.md'],
])('%s and %s have the same headings, commands, tables and links', (english, portuguese) => {
  const outline = outlineOf(read(english))
  expect(outline.blocks.length).toBeGreaterThan(3)
  expect(outline.code.length).toBeGreaterThan(30)
  expect(outlineOf(read(portuguese))).toEqual(outline)
})

const sample = ['# A', '', '- [ ] run `x`, then `y` ([b](b.md#c))', '', '| `z` |', '|---|', '', '```sh', 'ls', '```'].join('\n')

test.each([
  ['a heading', sample.replace('# A', '## A')],
  ['a block', sample.replace('ls', 'rm')],
  ['a command', sample.replace('`y`', '`yy`')],
  ['a row', sample.replace('|---|', '|---|\n| more |')],
  ['an item', sample.replace('- [ ]', '-')],
  ['a link', sample.replace('b.md', 'd.md')],
])('%s that differs is seen', (_, other) => {
  expect(outlineOf(other)).not.toEqual(outlineOf(sample))
})

test('the order of words, a fragment and the language of a linked document may differ', () => {
  const portuguese = sample.replace('run `x`, then `y` ([b](b.md#c))', '`y` depois de `x` ([b](b.pt-BR.md#ç))')
  expect(outlineOf(portuguese)).toEqual(outlineOf(sample))
})
