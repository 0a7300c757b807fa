import { join } from 'node:path'
import { roles } from '../../sandbox/data.ts'
import type { BenchCommand } from '../measure/command.ts'
import type { Workshop } from '../workshop.ts'
import type { Place } from './place.ts'

/** As it stands in the report. */
export const pgbackrest = 'pgBackRest full'

/** What must be done once in an empty repository; not measured. */
export function stanzaCreate(workshop: Workshop, place: Place): BenchCommand {
  return { command: '/usr/bin/pgbackrest', args: ['stanza-create'], env: environment(workshop, place) }
}

/** A full backup of the whole server, by files, with indexes. */
export function fullBackup(workshop: Workshop, place: Place): BenchCommand {
  return { command: '/usr/bin/pgbackrest', args: ['backup', '--type=full'], env: environment(workshop, place) }
}

function environment({ sandbox, gateway, path }: Workshop, { prefix, files }: Place): Record<string, string> {
  const { primary, passwords } = sandbox.data
  const options: Record<string, string> = {
    stanza: 'bench',
    config: '/dev/null',
    pg1_path: primary.dataDirectory,
    pg1_port: String(primary.port),
    pg1_socket_path: primary.socketDirectory,
    pg1_user: roles.admin,
    repo1_type: 's3',
    repo1_path: `/${prefix}`,
    repo1_s3_bucket: sandbox.s3.bucket,
    repo1_s3_region: sandbox.s3.region,
    repo1_s3_endpoint: '127.0.0.1',
    repo1_s3_uri_style: 'path',
    repo1_s3_key: sandbox.s3.accessKey,
    repo1_s3_key_secret: sandbox.s3.secretKey,
    repo1_storage_host: '127.0.0.1',
    repo1_storage_port: String(gateway.port),
    repo1_storage_verify_tls: 'n',
    compress_type: 'zst',
    compress_level: '1',
    process_max: '2',
    // Otherwise it waits for the next scheduled checkpoint, and for WAL that this server archives nowhere.
    start_fast: 'y',
    archive_check: 'n',
    repo1_retention_full: '1',
    log_level_file: 'off',
    lock_path: join(files, 'lock'),
    log_path: join(files, 'log'),
    spool_path: join(files, 'spool'),
  }
  const named = Object.entries(options).map(([name, value]) => [`PGBACKREST_${name.toUpperCase()}`, value])
  return { PATH: path, PGPASSWORD: passwords[roles.admin] ?? '', ...Object.fromEntries(named) }
}
