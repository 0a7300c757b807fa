import { expect, test } from 'vitest'
import { databasePropertyStatements } from '../../../functions/archive/database-properties.ts'
import { globalsTrailer, rolesPart } from '../../../functions/archive/globals.ts'
import type { DatabaseProperties } from '../../../functions/archive/manifest.ts'

const plain: DatabaseProperties = {
  name: 'app',
  owner: 'app',
  encoding: 'UTF8',
  collate: 'C.UTF-8',
  ctype: 'C.UTF-8',
  localeProvider: 'libc',
  connectionLimit: -1,
  settings: [],
}

const statements = (changed: Partial<DatabaseProperties>): string[] =>
  databasePropertyStatements({ ...plain, ...changed }, '"app"')

test('a database that nobody changed needs no statement', () => {
  expect(statements({})).toEqual([])
})

test('comment and connection limit', () => {
  expect(statements({ comment: "the shop's", connectionLimit: 0 })).toEqual([
    `COMMENT ON DATABASE "app" IS 'the shop''s';`,
    'ALTER DATABASE "app" CONNECTION LIMIT 0;',
  ])
})

test('settings of the database and of a role in it; dotted names stay two names', () => {
  expect(
    statements({
      settings: [
        { setting: 'TimeZone', value: 'America/Sao_Paulo' },
        { role: 'Web "1"', setting: 'app.tenant', value: 'a, b' },
      ],
    }),
  ).toEqual([
    `ALTER DATABASE "app" SET "TimeZone" TO 'America/Sao_Paulo';`,
    `ALTER ROLE "Web ""1""" IN DATABASE "app" SET "app"."tenant" TO 'a, b';`,
  ])
})

test.each([
  ['"$user", public', `'$user', 'public'`],
  ['""', `''`],
  ['', `''`],
  ['"a,b", "c ""d""", e', `'a,b', 'c "d"', 'e'`],
  ["o'clock", `'o''clock'`],
])('a search_path stored as %j is set as the list %s', (value, list) => {
  expect(statements({ settings: [{ setting: 'search_path', value }] })).toEqual([
    `ALTER DATABASE "app" SET "search_path" TO ${list};`,
  ])
})

test('grants replace the default, which lets everybody in', () => {
  expect(
    statements({
      grants: [
        { grantee: 'app', privilege: 'CREATE', grantable: true },
        { grantee: 'PUBLIC', privilege: 'TEMPORARY', grantable: false },
      ],
    }),
  ).toEqual([
    'REVOKE ALL ON DATABASE "app" FROM PUBLIC;',
    'GRANT CREATE ON DATABASE "app" TO "app" WITH GRANT OPTION;',
    'GRANT TEMPORARY ON DATABASE "app" TO PUBLIC;',
  ])
  expect(statements({ grants: [] })).toEqual(['REVOKE ALL ON DATABASE "app" FROM PUBLIC;'])
})

test('globals.sql names the database by where psql is connected, and gives its roles back', () => {
  const roles = 'CREATE ROLE app;\nALTER ROLE app WITH LOGIN;\n'
  const trailer = Buffer.from(globalsTrailer({ ...plain, connectionLimit: 5 })).toString()
  expect(trailer).toContain('ALTER DATABASE :"DBNAME" CONNECTION LIMIT 5;\n')
  expect(rolesPart(roles + trailer).trimEnd()).toBe(roles.trimEnd())
  expect(rolesPart(roles)).toBe(roles)
})
