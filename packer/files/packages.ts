import type { Cluster } from '../../config/index.ts'
import { rolePackages } from '../packages.ts'
import { type Repository, repositories } from '../repositories.ts'
import type { RenderFiles, RoleFile } from '../role-file.ts'

/** What install-packages.sh installs, and from where. */
export const packageFiles: RenderFiles = (cluster, role) => {
  const vendors = repositories(cluster, role)
  return [
    { path: '/etc/ballast/packages', content: lines(rolePackages(cluster, role)) },
    ...vendors.map((vendor) => ({ path: `/etc/apt/sources.list.d/${vendor.name}.sources`, content: sources(vendor) })),
    ...keys(vendors),
    ...(vendors.some(({ name }) => name === 'pgdg') ? poolerPin(cluster) : []),
  ]
}

function sources({ uri, suite, component, keyring }: Repository): string {
  return lines(['Types: deb', `URIs: ${uri}`, `Suites: ${suite}`, `Components: ${component}`, `Signed-By: ${keyring}`])
}

/** One line for each key to fetch: where to, its fingerprint, where from. */
function keys(vendors: readonly Repository[]): RoleFile[] {
  const fetched = vendors.flatMap(({ keyring, fetched: key }) =>
    key === undefined ? [] : [`${keyring} ${key.fingerprint} ${key.url}`],
  )
  return fetched.length === 0 ? [] : [{ path: '/etc/ballast/repository-keys', content: lines(fetched) }]
}

/** PgBouncer refuses to start on an option that its version does not know, so no other version is installed. */
function poolerPin({ pgbouncer: { version } }: Cluster): RoleFile[] {
  const content = lines(['Package: pgbouncer', `Pin: version ${version}-*`, 'Pin-Priority: 1001'])
  return [{ path: '/etc/apt/preferences.d/pgbouncer', content }]
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
