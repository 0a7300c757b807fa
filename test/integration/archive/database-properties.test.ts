import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifier } from '../../../functions/archive/copy-text.ts'
import { databasePropertyStatements } from '../../../functions/archive/database-properties.ts'
import { databasePropertiesSql } from '../../../functions/archive/database-sql.ts'
import type { DatabaseProperties } from '../../../functions/archive/manifest.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const original = 'Properties "of" one'
const copy = "it's the copy"
const role = 'Reader "one"'
const onServer = (sql: string): Promise<string> => sandbox.psql(sandbox.primary.adminUrl(), sql)

async function propertiesOf(database: string): Promise<DatabaseProperties> {
  const versionNum = Number(await onServer('SHOW server_version_num'))
  const sql = `SELECT json_strip_nulls(row_to_json(p)) FROM (${databasePropertiesSql(versionNum)}) p`
  return JSON.parse(await sandbox.psql(sandbox.primary.adminUrl(database), sql)) as DatabaseProperties
}

beforeAll(async () => {
  const db = identifier(original)
  await onServer(`
    CREATE DATABASE ${db}; CREATE DATABASE ${identifier(copy)}; CREATE ROLE ${identifier(role)};
    COMMENT ON DATABASE ${db} IS E'it''s \\\\ two\\nlines';
    ALTER DATABASE ${db} CONNECTION LIMIT 17;
    ALTER DATABASE ${db} SET search_path TO "$user", 'public', 'a,b', 'Quo"ted';
    ALTER DATABASE ${db} SET DateStyle TO 'SQL, DMY';
    ALTER DATABASE ${db} SET "app.tenant" TO E'x = "y", o''clock \\\\';
    ALTER DATABASE ${db} SET temp_tablespaces TO '';
    ALTER ROLE ${identifier(role)} IN DATABASE ${db} SET search_path TO '';
    ALTER ROLE ${identifier(role)} IN DATABASE ${db} SET work_mem TO '12MB';
    REVOKE CONNECT ON DATABASE ${db} FROM PUBLIC;
    GRANT CREATE ON DATABASE ${db} TO ${identifier(role)} WITH GRANT OPTION;
    GRANT CONNECT ON DATABASE ${db} TO ${identifier(role)};`)
})

afterAll(async () => {
  for (const database of [original, copy]) await onServer(`DROP DATABASE IF EXISTS ${identifier(database)} WITH (FORCE)`)
  await onServer(`DROP ROLE IF EXISTS ${identifier(role)}`)
})

test('the recorded statements give another database the same properties', async () => {
  const { name, ...expected } = await propertiesOf(original)
  expect(name).toBe(original)
  expect(expected.settings).toHaveLength(6)
  expect(expected.grants?.length).toBeGreaterThan(2)

  await onServer(databasePropertyStatements({ name, ...expected }, identifier(copy)).join('\n'))

  const { name: _, ...found } = await propertiesOf(copy)
  const sorted = (properties: typeof found) => ({
    ...properties,
    grants: properties.grants?.map((one) => JSON.stringify(one)).sort(),
  })
  expect(sorted(found)).toEqual(sorted(expected))
})
