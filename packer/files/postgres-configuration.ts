import type { Cluster } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'
import { accessRules, userMaps } from './postgres-access.ts'
import { postgresPlace } from './postgres-place.ts'
import { definedSettings } from './postgres-settings.ts'

/** PostgreSQL's configuration, the same on the primary and on the replicas, so that each can take the other's place. */
export function postgresConfiguration(cluster: Cluster): readonly RoleFile[] {
  const { configuration } = postgresPlace(cluster)
  return [
    { path: `${configuration}/postgresql.conf`, content: mainFile(cluster) },
    { path: `${configuration}/conf.d/20-definition.conf`, content: definitionFile(cluster) },
    { path: `${configuration}/pg_hba.conf`, content: accessRules(cluster) },
    { path: `${configuration}/pg_ident.conf`, content: userMaps(cluster) },
    // Debian's own tools ask it whether the server is to start with the machine.
    { path: `${configuration}/start.conf`, content: 'auto\n' },
  ]
}

function mainFile(cluster: Cluster): string {
  const { configuration, data, unit } = postgresPlace(cluster)
  const places = {
    data_directory: data,
    hba_file: `${configuration}/pg_hba.conf`,
    ident_file: `${configuration}/pg_ident.conf`,
    external_pid_file: `/run/postgresql/${unit.replace('postgresql@', '')}.pid`,
    include_dir: 'conf.d',
  }
  return `# Places alone. The settings are in conf.d, the later file over the earlier:
#   10-tuned.conf       written by ballast-tune at every start, for the machine's memory, CPUs and disk
#   20-definition.conf  from the cluster's definition
#   30-node.conf        this node's name and its primary, by ballast-first-boot and ballast-rejoin
#   90-operator.conf    yours
${assignments(places)}`
}

function definitionFile(cluster: Cluster): string {
  return `# From the cluster's definition; put changes into 90-operator.conf.\n${assignments(definedSettings(cluster))}`
}

/** In quotes, as names and lists need; the definition has no value with quotes or backslashes of its own. */
function assignments(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('')
}
