import { homedir } from 'node:os'
import { join } from 'node:path'
import { sessionEnvironment } from '../../sandbox/psql.ts'
import type { BenchCommand } from '../measure/command.ts'
import type { Workshop } from '../workshop.ts'
import type { Place } from './place.ts'

/** As it stands in the report. */
export const ballast = 'Ballast'

const program = join(import.meta.dirname, '..', '..', 'bin', 'ballast')
const cluster = 'bench'

/** `ballast backup` into a place, as users run it; to another way to the store where one is given. */
export function ballastBackup(
  workshop: Workshop,
  place: Place,
  { workers = 2, endpoint }: { workers?: number; endpoint?: string } = {},
): BenchCommand {
  const url = workshop.sandbox.backupUrl(place.database)
  const args = ['backup', '--workers', String(workers), '--compression-level', '1']
  const way = endpoint === undefined ? {} : { AWS_ENDPOINT_URL_S3: endpoint }
  return ballastCommand(workshop, place, args, { ...sessionEnvironment(url), ...way })
}

/** `ballast restore` of the newest set of a place into an empty database. */
export function ballastRestore(workshop: Workshop, place: Place, target: string): BenchCommand {
  const admin = workshop.sandbox.primary.adminUrl(target)
  const args = ['restore', 'latest', '--to', withoutPassword(admin), '--database', place.database, '--jobs', '2']
  return ballastCommand(workshop, place, args, { PGPASSWORD: sessionEnvironment(admin).PGPASSWORD ?? '' })
}

/** `ballast verify` of the newest set of a place, in a scratch server of its own. */
export function ballastVerify(workshop: Workshop, place: Place): BenchCommand {
  return ballastCommand(workshop, place, ['verify', 'latest', '--database', place.database, '--jobs', '2'])
}

function ballastCommand(
  { sandbox, path }: Workshop,
  { prefix }: Place,
  args: readonly string[],
  connection: Readonly<Record<string, string>> = {},
): BenchCommand {
  const store = `s3://${sandbox.s3.bucket}/${prefix}`
  return {
    command: program,
    args: [...args, '--cluster', cluster, '--store', store, '--json'],
    env: { PATH: path, HOME: homedir(), ...sandbox.s3.env, ...connection },
  }
}

function withoutPassword(url: string): string {
  const parsed = new URL(url)
  parsed.password = ''
  return parsed.href
}
