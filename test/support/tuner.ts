import { fileURLToPath } from 'node:url'
import { run } from '../../functions/platform/process/run.ts'

const program = fileURLToPath(new URL('./programs/tune-machines.bash', import.meta.url))
const rules = fileURLToPath(new URL('../../image-scripts/root/database/usr/local/lib/ballast/tune', import.meta.url))

/** A machine, and what the definition and the primary say. */
export interface TunedMachine {
  profile: 'ballast' | 'pgtune' | 'timescaledb'
  memoryKb: number
  cpus: number
  diskMb: number
  version: number
  workload: 'web' | 'oltp' | 'mixed' | 'warehouse'
  /** 0: what the profile advises. */
  connections: number
  clients: number
  slotWalMb: number
  keepWalMb: number
  /** On a standby: what its primary has. */
  atLeast?: { readonly [name: string]: number }
}

/** The settings for one machine, or why there are none. */
export type Tuned = { refused: string; settings?: undefined } | { refused?: undefined; settings: ReadonlyMap<string, string> }

/** The tuner's own rules, in one shell, on many machines. */
export async function tune(machines: readonly TunedMachine[]): Promise<Tuned[]> {
  const input = machines.map((machine) => `${words(machine)}\n`).join('')
  const { stdout } = await run({ command: program, args: [rules], env: { PATH: '/usr/bin:/bin' }, input: Buffer.from(input) })
  const lines = stdout.trimEnd().split('\n')
  if (lines.length !== machines.length) throw new Error(`${lines.length} answers for ${machines.length} machines`)
  return lines.map((line) => {
    const [, refused] = /^refused: (.*)$/.exec(line) ?? []
    if (refused !== undefined) return { refused }
    return { settings: new Map(line.split(' ').map((word) => word.split('=') as [string, string])) }
  })
}

function words(machine: TunedMachine): string {
  const { profile, memoryKb, cpus, diskMb, version, workload, connections, clients, slotWalMb, keepWalMb, atLeast } = machine
  const values = {
    ...{ PROFILE: profile, MEMORY_KB: memoryKb, CPUS: cpus, DISK_MB: diskMb, VERSION: version, WORKLOAD: workload },
    ...{ CONNECTIONS: connections, CLIENTS: clients, SLOT_WAL_MB: slotWalMb, KEEP_WAL_MB: keepWalMb },
    ...Object.fromEntries(Object.entries(atLeast ?? {}).map(([name, value]) => [`least.${name}`, value])),
  }
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

/** `64MB` in kilobytes. */
export function kilobytes(text: string | undefined): number {
  const [, digits, unit] = /^(\d+)(kB|MB|GB)$/.exec(text ?? '') ?? []
  if (digits === undefined) throw new Error(`'${text}' is no size`)
  return Number(digits) * (unit === 'GB' ? 1024 * 1024 : unit === 'MB' ? 1024 : 1)
}
