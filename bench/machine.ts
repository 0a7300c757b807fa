import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { run } from '../functions/platform/process/run.ts'
import { versitygwVersion } from '../tools/versitygw/find.ts'
import { query } from './databases.ts'
import type { MachineFacts } from './results.ts'
import { serverSettings, type Workshop } from './workshop.ts'

/** What this machine is, and the versions of what is measured on it. */
export async function describeMachine(workshop: Workshop): Promise<MachineFacts> {
  const said = async (command: string, args: readonly string[]): Promise<string> =>
    (await run({ command, args, env: { PATH: workshop.path } })).stdout.split('\n')[0] ?? ''
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    system: await systemName(),
    versions: {
      PostgreSQL: await query(workshop, 'postgres', 'SHOW server_version'),
      pg_dump: await said(join(workshop.sandbox.pgBin, 'pg_dump'), ['--version']),
      Node: process.version,
      versitygw: versitygwVersion,
      zstd: /v[\d.]+/.exec(await said('/usr/bin/zstd', ['--version']))?.[0] ?? 'unknown',
      pgBackRest: await said('/usr/bin/pgbackrest', ['version']),
    },
    settings: { ...serverSettings, fsync: 'off' },
  }
}

async function systemName(): Promise<string> {
  const [release, kernel] = await Promise.all([
    readFile('/etc/os-release', 'utf8').catch(() => ''),
    readFile('/proc/sys/kernel/osrelease', 'utf8'),
  ])
  const name = /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? 'Linux'
  return `${name}, kernel ${kernel.trim()}`
}
