import type { Cluster } from '../config/cluster.ts'
import { type ScheduledOperation, type TimetableEntry, timetable } from '../config/timetable.ts'

/** What can run as a function. */
export type LambdaOperation = Exclude<ScheduledOperation, 'rehearse' | 'pitr'>

/** The operations that do: one `functions/<operation>/handler.ts` each. */
export const lambdaOperations: readonly LambdaOperation[] = [
  'backup',
  'verify',
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
  /** When it runs; never empty. */
  entries: readonly TimetableEntry[]
}

const mebibyte = 1024 * 1024
/** What every function has of both. */
const lightMebibytes = { memory: 256, storage: 512 }
const longestSeconds = 900

type Shape = Pick<LambdaFunction, 'kind' | 'description' | 'timeoutSeconds' | 'network'>

const shapes: Readonly<Record<LambdaOperation, Shape>> = {
  backup: { kind: 'image', description: 'Backs up the databases', timeoutSeconds: longestSeconds, network: true },
  verify: { kind: 'image', description: 'Restores and compares', timeoutSeconds: longestSeconds, network: false },
  retention: { kind: 'zip', description: 'Deletes what is not kept', timeoutSeconds: longestSeconds, network: false },
  copies: { kind: 'zip', description: 'Copies sets to other stores', timeoutSeconds: longestSeconds, network: false },
  replication: { kind: 'zip', description: 'Watches lag, slots and pools', timeoutSeconds: 55, network: true },
  freshness: { kind: 'zip', description: 'Watches the age of backups', timeoutSeconds: 300, network: false },
  status: { kind: 'zip', description: 'Writes the status page', timeoutSeconds: 300, network: false },
}

/** Operations that work through all rows; the others wait for answers. */
const heavy: readonly LambdaOperation[] = ['backup', 'verify', 'copies']

/** The functions of a cluster, in the order of {@link lambdaOperations}: those that its timetable has work for. */
export function lambdaFunctions(cluster: Cluster): LambdaFunction[] {
  const { memoryBytes, storageBytes } = cluster.runtime.lambda
  const entries = timetable(cluster)
  return lambdaOperations.flatMap((operation) => {
    const own = entries.filter((entry) => entry.operation === operation)
    if (own.length === 0) return []
    return {
      ...{ operation, ...shapes[operation], entries: own },
      memoryMebibytes: heavy.includes(operation) ? Math.floor(memoryBytes / mebibyte) : lightMebibytes.memory,
      storageMebibytes: operation === 'verify' ? Math.floor(storageBytes / mebibyte) : lightMebibytes.storage,
    }
  })
}

/** The name of a function in its account and region. */
export function functionName({ name }: Cluster, operation: LambdaOperation): string {
  return `ballast-${name}-${operation}`
}
