import { describe, expect, test } from 'vitest'
import { type EntryGroup, postDataGroups, preDataGroups } from '../../../../functions/restore/fan-out/toc-groups.ts'
import { archiveOf, type EntryShape } from '../../../support/archive-entries.ts'

const mebibyte = 1024 * 1024

/** The groups of each pass as tags; tables have the given text, in MiB. */
function passesOf(shapes: readonly EntryShape[], sizes: Readonly<Record<string, number>> = {}): string[][] {
  const toc = archiveOf(shapes)
  const bytes = toc
    .filter(({ type }) => type === 'TABLE')
    .map(({ dumpId, tag }) => [dumpId, (sizes[tag] ?? 0) * mebibyte] as const)
  const tagsOf = ({ entries }: EntryGroup): string => entries.map((id) => toc[id - 1]?.tag).join(' ')
  return postDataGroups(toc, new Map(bytes)).map((groups) => groups.map(tagsOf))
}

const tables: EntryShape[] = [
  ['TABLE', 'large'],
  ['TABLE', 'small'],
  ['TABLE', 'tiny'],
]

describe('postDataGroups', () => {
  test('puts all of small tables into one group, and each entry of a large one into its own', () => {
    const shapes: EntryShape[] = [
      ...tables,
      ['CONSTRAINT', 'large-key', ['large']],
      ['CONSTRAINT', 'small-key', ['small']],
      ['INDEX', 'large-index', ['large']],
      ['INDEX', 'small-index', ['small']],
      ['INDEX', 'tiny-index', ['tiny']],
    ]
    expect(passesOf(shapes, { large: 1024 })).toEqual([['large-key', 'small-key small-index tiny-index', 'large-index']])
  })

  test('lets a comment go with what it is about, in the same transaction', () => {
    const shapes: EntryShape[] = [
      ...tables,
      ['INDEX', 'large-index', ['large']],
      ['COMMENT', 'on-index', ['large-index']],
      ['INDEX', 'small-index', ['small']],
    ]
    expect(passesOf(shapes, { large: 1024 })).toEqual([['large-index on-index', 'small-index']])
  })

  test('checks each foreign key by itself, after all indexes', () => {
    const shapes: EntryShape[] = [
      ...tables,
      ['CONSTRAINT', 'tiny-key', ['tiny']],
      ['FK CONSTRAINT', 'small-to-tiny', ['small', 'tiny', 'tiny-key']],
      ['FK CONSTRAINT', 'large-to-tiny', ['large', 'tiny', 'tiny-key']],
    ]
    expect(passesOf(shapes)).toEqual([['tiny-key'], ['small-to-tiny', 'large-to-tiny']])
  })

  test('has a view that reads another one refreshed after it, in a pass of its own', () => {
    const shapes: EntryShape[] = [
      ['MATERIALIZED VIEW DATA', 'first'],
      ['MATERIALIZED VIEW DATA', 'second', ['first']],
      ['MATERIALIZED VIEW DATA', 'beside'],
    ]
    expect(passesOf(shapes)).toEqual([['first', 'beside'], ['second']])
  })

  test('keeps what runs alone in the order of the archive', () => {
    const triggers = Array.from({ length: 250 }, (_, index): EntryShape => ['TRIGGER', `trigger-${index}`, ['small']])
    const passes = passesOf([...tables, ...triggers])
    expect(passes.map((groups) => groups.length)).toEqual([1, 1, 1])
    expect(passes.flat().join(' ')).toBe(triggers.map(([, tag]) => tag).join(' '))
  })

  test('never splits a small table, so that two groups of a pass lock different ones', () => {
    const many = Array.from({ length: 150 }, (_, index): EntryShape => ['TABLE', `t${index}`])
    const indexes = many.flatMap(([, table], index): EntryShape[] => [
      ['INDEX', `a${index}`, [table]],
      ['INDEX', `b${index}`, [table]],
    ])
    const [groups = [], ...more] = passesOf([...many, ...indexes])
    expect(more).toEqual([])
    expect(groups.length).toBeGreaterThan(1)
    const homes = groups.flatMap((group, at) => group.split(' ').map((tag): [string, number] => [tag.slice(1), at]))
    expect(new Set(homes.map(([table, at]) => `${table} ${at}`)).size).toBe(many.length)
  })
})

describe('preDataGroups', () => {
  test('keeps the order, in transactions of bounded size, and nothing of the other sections', () => {
    const before = Array.from({ length: 230 }, (_, index): EntryShape => ['TABLE', `t${index}`])
    const toc = archiveOf([...before, ['ACL', 'grant', ['t0']], ['TABLE DATA', 'rows', ['t0']], ['INDEX', 'index', ['t0']]])
    const groups = preDataGroups(toc)
    expect(groups.map(({ entries }) => entries.length)).toEqual([100, 100, 31])
    expect(groups.flatMap(({ entries }) => entries)).toEqual(Array.from({ length: 231 }, (_, index) => index + 1))
  })
})
