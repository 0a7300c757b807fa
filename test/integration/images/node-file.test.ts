import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const library = fileURLToPath(
  new URL('../../../image-scripts/root/database/usr/local/lib/ballast/replication.bash', import.meta.url),
)
const root = mkdtempSync(join(tmpdir(), 'ballast-node-'))
mkdirSync(join(root, 'conf.d'))
afterAll(() => rmSync(root, { recursive: true }))

const node = {
  ...{
    NODE_NAME: 'db-2',
    NODE_ADDRESS: '10.0.0.12',
    REPLICATION_SLOT: 'ballast_db_2',
    SYNC_NAMES: 'db-1 db-3',
    SYNC_MODE: 'off',
  },
  ...{ SYNC_STANDBYS: '1', PG_PORT: '5433', REPLICATION_USER: 'ballast_replication', PASSFILE: '/x/replication.pass' },
}

/** conf.d/30-node.conf of a node that follows an address. */
function nodeFile(primary: string, changes: Partial<typeof node> = {}): string {
  // The real one gives the file to root and waits for the disk.
  const script = `set -euo pipefail; write_file() { cat >"$3"; }; source '${library}'; write_node_file '${primary}'`
  const env = { ...node, ...changes, PG_CONFIG: root, PATH: '/usr/bin:/bin' }
  const { status, stderr } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return readFileSync(join(root, 'conf.d/30-node.conf'), 'utf8')
}

describe('30-node.conf', () => {
  test('a replica follows its primary by its slot, under its name', () => {
    const text = nodeFile('10.0.0.11')
    expect(text).toMatch(
      /^primary_conninfo = 'host=10\.0\.0\.11 port=5433 user=ballast_replication passfile=\/x\/replication\.pass .*application_name=db-2'$/m,
    )
    expect(text).toContain("primary_slot_name = 'ballast_db_2'\n")
    expect(text).toMatch(/sslmode=require channel_binding=require/)
    expect(text).toContain("cluster_name = 'db-2'\nsynchronous_standby_names = ''\n")
  })

  test('a primary follows nobody', () => {
    expect(nodeFile('10.0.0.12')).not.toContain('primary_')
  })

  test.each([
    ['off', '1', 'db-1 db-3', ''],
    ['on', '1', 'db-1 db-3', 'ANY 1 ("db-1","db-3")'],
    ['remote_write', '2', 'db-1 db-3', 'ANY 2 ("db-1","db-3")'],
    ['on', '1', 'db-1', 'ANY 1 ("db-1")'],
    ['on', '1', '', ''],
  ])('with synchronous mode %s, %s of "%s" are waited for', (SYNC_MODE, SYNC_STANDBYS, SYNC_NAMES, names) => {
    const text = nodeFile('10.0.0.12', { SYNC_MODE, SYNC_STANDBYS, SYNC_NAMES })
    expect(text).toContain(`synchronous_standby_names = '${names}'\n`)
  })
})
