import { describe, expect, test } from 'vitest'
import { propertiesMarker } from '../../../functions/archive/globals.ts'
import { createdRoles, firstSuperuser, roleStatements } from '../../../functions/archive/role-statements.ts'

const globals = `--
-- PostgreSQL database cluster dump
--

\\restrict x1y2

SET default_transaction_read_only = off;
SET client_encoding = 'UTF8';

CREATE ROLE app;
ALTER ROLE app WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS PASSWORD 'SCRAM-SHA-256$4096:a;b';
COMMENT ON ROLE app IS 'it''s; -- not a comment
on two lines';
CREATE ROLE "odd ""name"";";
ALTER ROLE "odd ""name"";" WITH NOSUPERUSER;
CREATE ROLE root;
ALTER ROLE root WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;
ALTER ROLE app SET search_path TO 'a', E'b\\'; c';
GRANT "odd ""name"";" TO app WITH ADMIN OPTION GRANTED BY root;
\\unrestrict x1y2

${propertiesMarker}
ALTER ROLE app IN DATABASE :"DBNAME" SET work_mem TO '1MB';
`

describe('roleStatements', () => {
  test('gives each statement about a role with the role that it is about', () => {
    expect(roleStatements(globals)).toEqual([
      { role: 'app', sql: 'CREATE ROLE app' },
      { role: 'app', sql: expect.stringContaining(`PASSWORD 'SCRAM-SHA-256$4096:a;b'`) },
      { role: 'app', sql: `COMMENT ON ROLE app IS 'it''s; -- not a comment\non two lines'` },
      { role: 'odd "name";', sql: 'CREATE ROLE "odd ""name"";"' },
      { role: 'odd "name";', sql: 'ALTER ROLE "odd ""name"";" WITH NOSUPERUSER' },
      { role: 'root', sql: 'CREATE ROLE root' },
      { role: 'root', sql: expect.stringContaining('BYPASSRLS') },
      { role: 'app', sql: `ALTER ROLE app SET search_path TO 'a', E'b\\'; c'` },
      { role: 'app', sql: 'GRANT "odd ""name"";" TO app WITH ADMIN OPTION GRANTED BY root' },
    ])
  })

  test('createdRoles names the roles that it creates', () => {
    expect(createdRoles(roleStatements(globals))).toEqual(['app', 'odd "name";', 'root'])
  })
})

describe('firstSuperuser', () => {
  const all = 'SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS'
  const alter = (role: string, attributes: string) => ({ role, sql: `ALTER ROLE ${role} WITH ${attributes}` })

  test('is the role with every attribute, postgres before others', () => {
    expect(firstSuperuser(roleStatements(globals))).toBe('root')
    expect(firstSuperuser([alter('admin', all), alter('postgres', all)])).toBe('postgres')
  })

  test('is postgres where no role has every attribute, or only one with a name that no server may start with', () => {
    expect(firstSuperuser([alter('admin', all.replace('BYPASSRLS', 'NOBYPASSRLS'))])).toBe('postgres')
    expect(firstSuperuser([alter('pg_admin', all)])).toBe('postgres')
    expect(firstSuperuser([])).toBe('postgres')
  })
})
