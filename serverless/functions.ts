import type { Cluster } from '../config/cluster.ts'
import { fanOutWorkers, fanRestoreWorkers } from '../config/fan-out.ts'
import { type ScheduledOperation, type TimetableEntry, timetable } from '../config/timetable.ts'
import { machinesOf } from './state-machine/availability.ts'
import type { Machine } from './state-machine/machine-name.ts'

/** What can run as a function: an operation of the timetable, or the steps of a state machine. */
export type LambdaOperation = Exclude<ScheduledOperation, 'rehearse' | 'pitr'> | Machine

/** All of them; each is made from its {@link handlerSource}. */
export const lambdaOperations: readonly LambdaOperation[] = [
  'backup',
  'fan-out',
  'verify',
  'fan-restore',
  'retention',
  'copies',
  'replication',
  'freshness',
  'status',
]

/** One function of a cluster. */
export interface LambdaFunction {
  operation: LambdaOperation
  /** `image`: needs PostgreSQL's own programs, so that it is a container; the others are zip bundles. */
  kind: 'image' | 'zip'
  description: string
  memoryMebibytes: number
  storageMebibytes: number
  timeoutSeconds: number
  /** Whether it talks to the database nodes, from within their network. */
  network: boolean
  /** When it runs; empty for what a state machine calls. */
  entries: readonly TimetableEntry[]
  /** How many calls may be at work at the same time. */
  concurrency: number
}

const mebibyte = 1024 * 1024
/** What every function has of both. */
const lightMebibytes = { memory: 256, storage: 512 }
const longestSeconds = 900

type Shape = Pick<LambdaFunction, 'kind' | 'description' | 'timeoutSeconds' | 'network'>

const shapes: Readonly<Record<LambdaOperation, Shape>> = {
  backup: { kind: 'image', description: 'Backs up the databases', timeoutSeconds: longestSeconds, network: true },
  'fan-out': { kind: 'image', description: 'Does one step of a long backup', timeoutSeconds: longestSeconds, network: true },
  verify: { kind: 'image', description: 'Restores and compares', timeoutSeconds: longestSeconds, network: false },
  'fan-restore': {
    kind: 'image',
    description: 'Does one step of a long restore',
    timeoutSeconds: longestSeconds,
    network: true,
  },
  retention: { kind: 'zip', description: 'Deletes what is not kept', timeoutSeconds: longestSeconds, network: false },
  copies: { kind: 'zip', description: 'Copies sets to other stores', timeoutSeconds: longestSeconds, network: false },
  replication: { kind: 'zip', description: 'Watches lag, slots and pools', timeoutSeconds: 55, network: true },
  freshness: { kind: 'zip', description: 'Watches the age of backups', timeoutSeconds: 300, network: false },
  status: { kind: 'zip', description: 'Writes the status page', timeoutSeconds: 300, network: false },
}

/** Operations that work through all rows; the others wait for answers. */
const heavy: readonly LambdaOperation[] = ['backup', 'fan-out', 'verify', 'fan-restore', 'copies']

/** Operations that restore, or fetch all of schema.dump. */
const onDisk: readonly LambdaOperation[] = ['verify', 'fan-restore']

/**
 * How many calls of a machine's steps may be at work. Beside the workers of a backup: two holders, what describes, what plans or ends,
 * and one that is told to wait; beside those of a restore: what plans or ends, and one of another run that is told to wait.
 */
const callsOf: Readonly<Record<Machine, (backup: Cluster['backup']) => number>> = {
  'fan-out': (backup) => fanOutWorkers(backup) + 5,
  'fan-restore': (backup) => fanRestoreWorkers(backup) + 2,
}

/** The functions of a cluster, in the order of {@link lambdaOperations}: those that its timetable, or its state machine, has work for. */
export function lambdaFunctions(cluster: Cluster): LambdaFunction[] {
  const { memoryBytes, storageBytes } = cluster.runtime.lambda
  const entries = timetable(cluster)
  return lambdaOperations.flatMap((operation) => {
    const own = entries.filter((entry) => entry.operation === operation)
    const machine = machinesOf(cluster).find((one) => one === operation)
    if (own.length === 0 && machine === undefined) return []
    return {
      ...{ operation, ...shapes[operation], entries: own },
      network: shapes[operation].network || (operation === 'verify' && cluster.backup.verify.into !== undefined),
      concurrency: machine === undefined ? 1 : callsOf[machine](cluster.backup),
      memoryMebibytes: heavy.includes(operation) ? Math.floor(memoryBytes / mebibyte) : lightMebibytes.memory,
      storageMebibytes: onDisk.includes(operation) ? Math.floor(storageBytes / mebibyte) : lightMebibytes.storage,
    }
  })
}

/** The module that a function is made from, below the project's root. */
export function handlerSource(operation: LambdaOperation): string {
  const folders: Partial<Record<LambdaOperation, string>> = { 'fan-out': 'backup/fan-out', 'fan-restore': 'verify/fan-out' }
  return `functions/${folders[operation] ?? operation}/handler.ts`
}

/** The name of a function in its account and region. */
export function functionName({ name }: Cluster, operation: LambdaOperation): string {
  return `ballast-${name}-${operation}`
}
