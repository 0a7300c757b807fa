import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cluster } from '../../../config/index.ts'
import { roleFiles } from '../../../packer/files/role-files.ts'
import { rolePackages } from '../../../packer/packages.ts'
import { IMAGE_ROLES, type ImageRole } from '../../../packer/roles.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'

const reference = await referenceCluster()

function contentOf(cluster: Cluster, role: ImageRole, path: string): string | undefined {
  return roleFiles(cluster, role).find((file) => file.path === path)?.content
}

/** What a shell knows after it has read image.env, of that which the file sets. */
function shellSettings(cluster: Cluster, role: ImageRole): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-env-'))
  try {
    const file = join(directory, 'image.env')
    const content = contentOf(cluster, role, '/etc/ballast/image.env') ?? ''
    writeFileSync(file, content)
    const script = 'set -euo pipefail -a; . "$0"; exec env -0'
    const said = execFileSync('bash', ['-c', script, file], { env: { PATH: '/usr/bin:/bin' }, encoding: 'utf8' })
    const entries = said.split('\0').map((line) => line.split(/=(.*)/s) as [string, string])
    return Object.fromEntries(entries.filter(([name]) => new RegExp(`^${name}=`, 'm').test(content) && name !== ''))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

test.each(IMAGE_ROLES)('the files of %s have absolute paths, each once, in order', (role) => {
  const paths = roleFiles(reference, role).map(({ path }) => path)
  expect(paths.filter((path) => !/^\/[\w./@-]+$/.test(path) || path.includes('..'))).toEqual([])
  expect(paths).toEqual([...new Set(paths)].sort())
})

test('a shell reads the settings of a database image', () => {
  expect(shellSettings(reference, 'replica')).toEqual({
    ...{ BALLAST_CLUSTER: 'shop', BALLAST_ROLE: 'replica', SSH_PORT: '22' },
    ...{ PG_VERSION: '17', PG_PORT: '5432', PGBOUNCER_PORT: '6432', PGBOUNCER_VERSION: '1.24.1' },
    ...{ MAX_CONNECTIONS: '100', WORKLOAD: 'web', MAX_SLOT_WAL_MB: '3814', WAL_KEEP_MB: '488' },
    ...{ SYNC_MODE: 'off', SYNC_STANDBYS: '1', REPLICATION_USER: 'ballast_replication', PITR: 'on' },
    PRIMARY_ADDRESS: '10.0.0.11',
  })
})

test('a shell reads the settings of a docker image', () => {
  const settings = { BALLAST_CLUSTER: 'shop', BALLAST_ROLE: 'docker', SSH_PORT: '22', KEEP_RELEASES: '5' }
  expect(shellSettings(reference, 'docker')).toEqual(settings)
})

test('a name with a dollar sign stays as it is', () => {
  const cluster = sampleCluster({ 'accounts.replication.user': 'back$up' })
  expect(shellSettings(cluster, 'primary').REPLICATION_USER).toBe('back$up')
})

test.each([
  ['debian-13', 17, ['docker-cli', 'docker-compose', 'docker.io']],
  ['ubuntu-24.04', 16, ['docker-compose-v2', 'docker.io']],
] as const)('%s has packages of its own', (base, version, engine) => {
  const cluster = sampleCluster({ 'images.base': base, 'postgres.version': version })
  expect(rolePackages(cluster, 'primary')).toEqual(
    expect.arrayContaining([`postgresql-${version}`, 'pgbouncer', 'pgbackrest', 'prometheus-postgres-exporter']),
  )
  expect(rolePackages(cluster, 'docker')).toEqual(expect.arrayContaining([...engine, 'nftables', 'chrony']))
  expect(rolePackages(cluster, 'docker').join(' ')).not.toMatch(/postgresql|pgbouncer/)
})

test('an extension that is not in the server brings its package, once', () => {
  const cluster = sampleCluster({
    databases: [
      { name: 'a', owner: 'o', extensions: ['vector', 'pg_trgm'] },
      { name: 'b', owner: 'o', extensions: ['vector', 'postgis'] },
    ],
  })
  const own = rolePackages(cluster, 'replica').filter((name) => name.startsWith('postgresql-17'))
  expect(own).toEqual(['postgresql-17', 'postgresql-17-pgvector', 'postgresql-17-postgis-3'])
})

test('another locale needs the package that makes locales', () => {
  expect(rolePackages(sampleCluster(), 'docker')).not.toContain('locales')
  expect(rolePackages(sampleCluster({ 'images.firstBoot.locale': 'pt_BR.UTF-8' }), 'docker')).toContain('locales')
})

test.each(IMAGE_ROLES)('packages of the distribution need no other repository: %s', (role) => {
  const paths = roleFiles(reference, role).map(({ path }) => path)
  expect(paths).toContain('/etc/ballast/packages')
  expect(paths.filter((path) => /^\/etc\/apt\/(sources\.list\.d|preferences\.d|keyrings)|repository-keys/.test(path))).toEqual(
    [],
  )
})

test("the PostgreSQL project's repository is trusted by the key that Debian ships, and its PgBouncer is pinned", () => {
  const cluster = sampleCluster({ 'postgres.packages': 'pgdg', 'postgres.version': 18, 'pgbouncer.version': '1.25.2' })
  expect(rolePackages(cluster, 'primary')).toContain('postgresql-18')
  expect(contentOf(cluster, 'primary', '/etc/apt/sources.list.d/pgdg.sources')).toBe(
    'Types: deb\nURIs: https://apt.postgresql.org/pub/repos/apt\nSuites: trixie-pgdg\nComponents: main\n' +
      'Signed-By: /usr/share/postgresql-common/pgdg/apt.postgresql.org.asc\n',
  )
  expect(contentOf(cluster, 'primary', '/etc/apt/preferences.d/pgbouncer')).toBe(
    'Package: pgbouncer\nPin: version 1.25.2-*\nPin-Priority: 1001\n',
  )
  expect(contentOf(cluster, 'primary', '/etc/ballast/repository-keys')).toBeUndefined()
  expect(contentOf(cluster, 'docker', '/etc/apt/sources.list.d/pgdg.sources')).toBeUndefined()
})

test.each([
  ['debian-13', 'debian', 'trixie'],
  ['ubuntu-24.04', 'ubuntu', 'noble'],
])("Docker's repository on %s is trusted by a key whose fingerprint is given", (base, system, suite) => {
  const cluster = sampleCluster({ 'images.base': base, 'postgres.packages': 'pgdg', 'docker.packages': 'docker' })
  const uri = `https://download.docker.com/linux/${system}`
  expect(rolePackages(cluster, 'docker')).toEqual(expect.arrayContaining(['docker-ce', 'docker-compose-plugin']))
  expect(rolePackages(cluster, 'docker')).not.toContain('docker.io')
  expect(contentOf(cluster, 'docker', '/etc/apt/sources.list.d/docker.sources')).toBe(
    `Types: deb\nURIs: ${uri}\nSuites: ${suite}\nComponents: stable\nSigned-By: /etc/apt/keyrings/docker.asc\n`,
  )
  expect(contentOf(cluster, 'docker', '/etc/ballast/repository-keys')).toMatch(
    new RegExp(`^/etc/apt/keyrings/docker\\.asc [0-9A-F]{40} ${uri}/gpg\\n$`),
  )
})
