import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machinesSite } from '../../../../handover/sites/machines-site.ts'
import { bootArchivedNode } from '../../../support/archived-node.ts'
import { systemdBoots } from '../../../support/booted-systemd.ts'
import { type DatabaseNode, hostVersions } from '../../../support/database-node.ts'
import { nodeRemote } from '../../../support/node-remote.ts'

const { postgres: version } = await hostVersions()
const server = `postgresql@${version}-main.service`
const recovered = '/var/lib/postgresql/ballast-drill-recovered'
const directory = mkdtempSync(join(tmpdir(), 'ballast-pitr-'))
const { signal } = new AbortController()

describe.runIf(systemdBoots)('a moment before a mistake, recovered beside the primary', () => {
  let node: DatabaseNode
  let site: ReturnType<typeof machinesSite>
  let moment: string

  beforeAll(async () => {
    const archived = await bootArchivedNode(directory)
    const { cluster } = archived
    node = archived.node
    await node.sh(`systemctl start ${server} && systemctl start ballast-first-backup.service`)
    site = machinesSite(
      { ...{ on: 'images', store: { type: 'file', directory: '/nowhere' } }, definition: cluster, cluster, env: {} },
      [nodeRemote(node)],
    )
    // pgBackRest counts in seconds: a moment in the one in which the backup ended is too early.
    await site.sql('db-1', 'CREATE TABLE orders AS SELECT i FROM generate_series(1, 1000) i; SELECT pg_sleep(1)', {
      database: 'shop',
    })
    moment = await site.sql('db-1', 'SELECT clock_timestamp()')
    await site.sql('db-1', 'SELECT pg_sleep(1); DELETE FROM orders WHERE i % 2 = 0; SELECT pg_switch_wal()', {
      database: 'shop',
    })
    await site.pgbackrest?.('db-1', ['check'], signal)
  })
  afterAll(async () => {
    await node?.close()
    rmSync(directory, { recursive: true })
  })

  test('it has what was deleted; the primary runs on as it was, and nothing is left', async () => {
    const server = await site.recoverTo?.('db-1', moment, signal)
    expect(await server?.sql('SELECT count(*) FROM orders', { database: 'shop' })).toBe('1000')
    expect(await server?.sql("SELECT current_setting('archive_mode'), current_setting('listen_addresses')")).toBe('off|')
    expect(await site.sql('db-1', 'SELECT count(*) FROM orders', { database: 'shop' })).toBe('500')
    await server?.stop()
    await server?.stop()
    expect(await node.sh(`ls ${recovered} 2>&1 || systemctl list-units --all 'ballast-drill-*' --no-legend`)).toMatch(
      /^ls: cannot access [^\n]*\n$/,
    )
  })

  test('a moment that the archive does not have ends with what the server said, and nothing is left', async () => {
    const later = await site.sql('db-1', "SELECT clock_timestamp() + '1 hour'")
    await expect(site.recoverTo?.('db-1', later, signal)).rejects.toThrow(
      'recovery ended before configured recovery target was reached',
    )
    expect(await node.sh(`ls ${recovered} 2>&1 || true`)).toContain('cannot access')
  })

  test('a disk without room for a copy is left alone', async () => {
    const place = '/var/lib/postgresql'
    await node.sh(
      `mkdir /srv/own && mount --bind --make-private ${place} /srv/own && mount -t tmpfs -o size=16m tmpfs ${place}`,
    )
    await node.sh(`mkdir ${place}/${version} && mount --bind /srv/own/${version} ${place}/${version}`)
    await expect(site.recoverTo?.('db-1', moment, signal)).rejects.toThrow(
      /a copy of \/var\/lib\/postgresql\/.* free beside it/,
    )
    expect(await node.sh(`ls ${recovered} 2>&1 || true`)).toContain('cannot access')
  })
})
