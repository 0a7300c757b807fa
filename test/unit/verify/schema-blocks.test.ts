import { describe, expect, test } from 'vitest'
import { BlockComparison, BlockReader, firstDifference, type SchemaBlock } from '../../../functions/verify/schema-blocks.ts'

function blocks(script: string): SchemaBlock[] {
  const given: SchemaBlock[] = []
  const reader = new BlockReader((block) => given.push(block))
  for (const line of script.split('\n')) reader.line(line)
  reader.end()
  return given
}

const entry = (name: string, type: string, sql: string, before = ''): string =>
  `${before}--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: app\n--\n\n${sql}\n\n\n`

const script = (...entries: string[]): string =>
  `--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n-- Dumped by pg_dump version 15.1\n\nSET x = 0;\n\n${entries.join('')}--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n`

describe('BlockReader', () => {
  test('gives the entries, without what belongs to the script', () => {
    expect(blocks(script(entry('a', 'VIEW', 'CREATE VIEW a;'), entry('b', 'INDEX', 'CREATE INDEX b;')))).toEqual([
      { name: 'VIEW public.a', body: 'CREATE VIEW a;' },
      { name: 'INDEX public.b', body: 'CREATE INDEX b;' },
    ])
  })

  test('keeps the access method that stands before a table, and applies it to later ones', () => {
    const set = 'SET default_table_access_method = columnar;\n\n'
    const [first, second, third] = blocks(
      script(
        entry('a', 'TABLE', 'CREATE TABLE a ();'),
        entry('b', 'TABLE', 'CREATE TABLE b ();', set),
        entry('c', 'VIEW', 'v;'),
      ),
    )
    expect(first?.body).toBe('\nCREATE TABLE a ();')
    expect(second?.body).toBe('SET default_table_access_method = columnar;\nCREATE TABLE b ();')
    expect(third?.body).toBe('v;')
  })

  test('does not care for the order of grants, and does for that of statements', () => {
    const acl = (sql: string) => blocks(script(entry('TABLE a', 'ACL', sql)))
    expect(acl('GRANT a;\nGRANT b;')).toEqual(acl('GRANT b;\nGRANT a;'))
    const view = (sql: string) => blocks(script(entry('a', 'VIEW', sql)))
    expect(view('x\ny')).not.toEqual(view('y\nx'))
  })
})

describe('BlockComparison', () => {
  const compared = (expected: SchemaBlock[], actual: SchemaBlock[]) => {
    const comparison = new BlockComparison()
    for (const block of expected) comparison.expect(block)
    for (const block of actual) comparison.found(block)
    return { equal: comparison.equal, differences: comparison.differences() }
  }
  const block = (name: string, body: string): SchemaBlock => ({ name, body })

  test('finds equal entries in any order', () => {
    const two = [block('a', '1'), block('b', '2'), block('a', '3')]
    expect(compared(two, two.toReversed())).toEqual({ equal: 3, differences: [] })
  })

  test('tells missing, extra and changed entries apart, also among those of one name', () => {
    const { equal, differences } = compared(
      [block('gone', '1'), block('twice', 'x'), block('twice', 'x'), block('changed', 'old')],
      [block('twice', 'x'), block('changed', 'new'), block('new', '1')],
    )
    expect(equal).toBe(1)
    expect(differences).toEqual([
      { name: 'gone', expected: ['1'], actual: [] },
      { name: 'twice', expected: ['x'], actual: [] },
      { name: 'changed', expected: ['old'], actual: ['new'] },
      { name: 'new', expected: [], actual: ['1'] },
    ])
  })
})

test('firstDifference shows the first lines that differ', () => {
  expect(firstDifference('a\n b\nc', 'a\n x\nc')).toEqual({ expected: 'b', actual: 'x' })
  expect(firstDifference('a', 'a\nb')).toEqual({ expected: '', actual: 'b' })
  expect(firstDifference('a\nb', 'a')).toEqual({ expected: 'b', actual: '' })
})
