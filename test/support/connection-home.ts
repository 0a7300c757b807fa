import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

/**
 * A home directory with a password file and a service file; below it the homes `tls` and `crl` with certificate files of the
 * default names, and `loose` with a password file that others may read. Made before the tests of a file, removed after them.
 */
export function connectionHome(): () => string {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'ballast-connection-'))
    writeFileSync(
      join(home, '.pgpass'),
      [
        '# a comment:1:2:3:4',
        'db.example:5432:orders:ana:from-file',
        'db.example:*:*:ana:any-port',
        'localhost:5432:*:socket:over-socket',
        '/run/other:*:*:socket:other-socket',
        'a\\:b:*:*:odd\\\\user:p\\:w\\\\d',
        'one:*:*:multi:first',
        'two:*:*:multi:second',
        '*:*:*:star:starred',
      ].join('\n'),
      { mode: 0o600 },
    )
    writeFileSync(
      join(home, '.pg_service.conf'),
      [
        '# services',
        '[orders]',
        'host=svc.example',
        '  port=6000',
        'dbname=orders',
        '',
        '[nested]',
        'service=orders',
        '[odd]',
        'hst=x',
        '[bare]',
        'host',
        '[ldap]',
        'ldap://ldap.example/dc=x',
      ].join('\n'),
    )
    mkdirSync(join(home, 'tls', '.postgresql'), { recursive: true })
    for (const name of ['root.crt', 'postgresql.crt', 'postgresql.key'])
      writeFileSync(join(home, 'tls', '.postgresql', name), '')
    mkdirSync(join(home, 'crl', '.postgresql'), { recursive: true })
    writeFileSync(join(home, 'crl', '.postgresql', 'root.crl'), '')
    mkdirSync(join(home, 'loose'))
    writeFileSync(join(home, 'loose', '.pgpass'), '*:*:*:star:secret\n')
    chmodSync(join(home, 'loose', '.pgpass'), 0o644)
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))
  return () => home
}
