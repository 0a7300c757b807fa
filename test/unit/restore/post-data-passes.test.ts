import { describe, expect, test } from 'vitest'
import { postDataPasses } from '../../../functions/restore/post-data-passes.ts'
import { archiveOf, type EntryShape as Shape } from '../../support/archive-entries.ts'

function passesOf(shapes: readonly Shape[], without: readonly string[] = []): string[] {
  const toc = archiveOf(shapes)
  const chosen = new Set(toc.filter(({ tag }) => !without.includes(tag)).map(({ dumpId }) => dumpId))
  return postDataPasses(toc, without.length === 0 ? undefined : chosen).map(({ dumpIds, parallel }) => {
    const tags = toc.filter(({ dumpId }) => dumpIds.has(dumpId)).map(({ tag }) => tag)
    return `${parallel ? 'parallel' : 'alone'}: ${tags.join(' ')}`
  })
}

/** A tree of a root and two partitions with an index over it. */
const tree: Shape[] = [
  ['TABLE', 'root'],
  ['TABLE', 'one'],
  ['TABLE ATTACH', 'one-attached', ['one', 'root']],
  ['TABLE', 'two'],
  ['TABLE ATTACH', 'two-attached', ['two', 'root']],
  ['TABLE', 'other'],
  ['TABLE', 'third'],
]
const indexes: Shape[] = [
  ['CONSTRAINT', 'root-key', ['root']],
  ['CONSTRAINT', 'one-key', ['one']],
  ['INDEX', 'one-index', ['one']],
  ['INDEX ATTACH', 'one-key-attached', ['one-key', 'root-key', 'one', 'root']],
]

describe('postDataPasses', () => {
  test('builds indexes and keys in parallel, attaches them in one session, then checks foreign keys in parallel', () => {
    const shapes: Shape[] = [
      ...tree,
      ...indexes,
      ['TRIGGER', 'trigger', ['root']],
      ['FK CONSTRAINT', 'to-root', ['other', 'root', 'root-key', 'one-key-attached']],
      ['FK CONSTRAINT', 'to-other', ['third', 'other']],
    ]
    expect(passesOf(shapes)).toEqual([
      'parallel: root-key one-key one-index',
      'alone: one-key-attached trigger',
      'parallel: to-root to-other',
    ])
  })

  test('has no pass with nothing in it', () => {
    expect(passesOf(tree)).toEqual([])
    expect(passesOf([...tree, ['INDEX', 'index', ['one']]])).toEqual(['parallel: index'])
    expect(passesOf([...tree, ['POLICY', 'policy', ['one']]])).toEqual(['alone: policy'])
  })

  test('keeps to the chosen entries', () => {
    expect(passesOf([...tree, ...indexes], ['one-index', 'one-key-attached'])).toEqual(['parallel: root-key one-key'])
  })

  test('attaches every index before any foreign key, also one that the archive does not name', () => {
    const shapes: Shape[] = [...tree, ['FK CONSTRAINT', 'key', ['other', 'root']], ...indexes]
    expect(passesOf(shapes).at(-1)).toBe('parallel: key')
  })

  test('fills materialized views after all that, and makes event triggers and default privileges last', () => {
    const shapes: Shape[] = [
      ['TABLE', 'table'],
      ['DEFAULT ACL', 'default'],
      ['EVENT TRIGGER', 'event'],
      ['COMMENT', 'event-comment', ['event']],
      ['MATERIALIZED VIEW DATA', 'first'],
      ['MATERIALIZED VIEW DATA', 'second', ['first']],
      ['FK CONSTRAINT', 'key', ['table']],
      ['RULE', 'rule', ['table']],
    ]
    expect(passesOf(shapes)).toEqual([
      'alone: rule',
      'parallel: key',
      'parallel: first second',
      'alone: default event event-comment',
    ])
  })

  test('never puts what is needed after what needs it', () => {
    const shapes: Shape[] = [
      ['TABLE', 'table'],
      ['CONSTRAINT', 'key', ['table']],
      ['MATERIALIZED VIEW', 'view', ['key']],
      ['ACL', 'grant', ['view']],
      ['INDEX', 'index', ['view']],
      ['COMMENT', 'comment', ['index']],
      ['MATERIALIZED VIEW DATA', 'rows', ['view']],
    ]
    expect(passesOf(shapes)).toEqual(['parallel: key', 'alone: view grant', 'parallel: index comment', 'parallel: rows'])
  })

  test('leaves comments and grants on objects of earlier sections to those', () => {
    const shapes: Shape[] = [
      ['TABLE', 'table'],
      ['COMMENT', 'of-table', ['table']],
      ['INDEX', 'index', ['table']],
      ['COMMENT', 'of-index', ['index']],
    ]
    expect(passesOf(shapes)).toEqual(['parallel: index of-index'])
  })

  test('checks foreign keys one after another that name several tables of one partition tree', () => {
    const shapes: Shape[] = [
      ...tree,
      ['FK CONSTRAINT', 'to-root', ['other', 'root']],
      ['FK CONSTRAINT', 'between', ['one', 'two']],
      ['FK CONSTRAINT', 'elsewhere', ['third', 'other']],
    ]
    expect(passesOf(shapes)).toEqual(['parallel: elsewhere', 'alone: to-root between'])
  })

  test('checks foreign keys in parallel that name one table of a tree each time', () => {
    const shapes: Shape[] = [
      ...tree,
      ['FK CONSTRAINT', 'first', ['root', 'other']],
      ['FK CONSTRAINT', 'second', ['root', 'third']],
      ['FK CONSTRAINT', 'itself', ['root']],
    ]
    expect(passesOf(shapes)).toEqual(['parallel: first second itself'])
  })

  test('never builds two indexes of a table at once that both alter it', () => {
    const clustered = 'CREATE INDEX a ON t USING btree (a);\n\nALTER TABLE t CLUSTER ON a;\n\n'
    const identity = 'CREATE UNIQUE INDEX b ON t USING btree (b);\n\nALTER TABLE ONLY t REPLICA IDENTITY USING INDEX b;\n\n'
    const shapes: Shape[] = [
      ['TABLE', 'table'],
      ['TABLE', 'other'],
      ['INDEX', 'plain', ['table'], 'CREATE INDEX c ON t USING btree (c);\n\n'],
      ['INDEX', 'clustered', ['table'], clustered],
      ['INDEX', 'identity', ['table'], identity],
      ['INDEX', 'identity-of-other', ['other'], identity],
    ]
    expect(passesOf(shapes)).toEqual(['parallel: plain clustered identity-of-other', 'alone: identity'])
  })

  test('plans a tree of many partitions', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `p${index}`)
    const shapes: Shape[] = [
      ['TABLE', 'root'],
      ...names.map((name): Shape => ['TABLE', name]),
      ...names.map((name): Shape => ['TABLE ATTACH', `${name}-attached`, [name, 'root']]),
      ['INDEX', 'index', ['root']],
      ...names.map((name): Shape => ['INDEX', `${name}-index`, [name]]),
      ...names.map((name): Shape => ['INDEX ATTACH', `${name}-index-attached`, [`${name}-index`, 'index', name, 'root']]),
      ['FK CONSTRAINT', 'key', ['root', ...names.map((name) => `${name}-index-attached`)]],
    ]
    expect(postDataPasses(archiveOf(shapes), undefined).map(({ dumpIds }) => dumpIds.size)).toEqual([20_001, 20_000, 1])
  })
})
