import type { Cluster } from '../../../config/cluster.ts'
import type { SetAddress } from '../../archive/keys.ts'
import type { ManifestSummary } from '../../archive/manifest.ts'
import { parseSetName } from '../../archive/set-name.ts'
import { Failure } from '../../platform/failure.ts'
import type { Outcome } from '../../platform/outcome.ts'
import type { ConnectionSettings } from '../../platform/postgres/settings.ts'
import type { ScheduledRun } from '../../runtime/scheduled.ts'
import { startNamed } from '../../runtime/start-named.ts'
import { assumeTime, estimateTime, refuseTooLong } from '../time-estimate.ts'
import { beginRun, fannedOutSets, findLiveRun, type RunRequest } from './start-run.ts'

/** The way out for a backup that is too long for one function. */
export interface FanOut {
  /** The outcome of a run that is at work already; undefined when there is none. @throws Failure when it is another slot's. */
  goOn(): Promise<Outcome | undefined>
  /** @throws Failure with code `TooLong` for what is to be fanned out. */
  refuseTooLong(subject: string, recent: readonly ManifestSummary[], size: SourceSize, secondsLeft: number): void
  /** Begins a run and hands it over. @throws Failure before anything is begun when the server is not fit for it. */
  begin(connection: ConnectionSettings): Promise<Outcome>
}

interface SourceSize {
  /** As the server estimates them. */
  rows: number
  /** On the source's disk. */
  tableBytes: number
}

/** @param start hands a run over to whatever calls its steps. */
export async function fanOutFor(
  request: RunRequest,
  cluster: Cluster,
  start: NonNullable<ScheduledRun['handOver']>,
): Promise<FanOut> {
  const fannedOut = await fannedOutSets(request)
  return {
    goOn: async () => {
      const live = await findLiveRun(request, fannedOut)
      if (live === undefined) return undefined
      if (parseSetName(live.address.set)?.run !== request.run) throw atWork(live.address)
      await handOver(live.address, start)
      return handedOver(live.address)
    },
    refuseTooLong: (subject, recent, { rows, tableBytes }, secondsLeft) => {
      // How fast many functions were says nothing of one.
      const ofOne = recent.filter(({ set }) => !fannedOut.includes(set))
      const estimate = estimateTime(recent, rows, ofOne) ?? assumeTime(recent[0]?.rawBytes ?? tableBytes)
      refuseTooLong(subject, estimate, Math.min(secondsLeft, cluster.backup.fanOut.aboveSeconds))
    },
    begin: async (connection) => {
      const address = await beginRun(request, connection, cluster)
      await handOver(address, start)
      return handedOver(address)
    },
  }
}

/** A run that was interrupted while its snapshot lives is gone on with. */
async function handOver({ database, set }: SetAddress, start: NonNullable<ScheduledRun['handOver']>): Promise<void> {
  await startNamed({ database, set }, { database, set }, start)
}

/** Nothing went wrong, and nothing is known yet of how it ends, which the run's own steps will tell. */
function handedOver({ cluster, database, set }: SetAddress): Outcome {
  return {
    ...{ operation: 'backup', subject: `${cluster}/${database}`, ok: true },
    numbers: { set, alreadyRunning: true, fannedOut: true },
  }
}

function atWork({ cluster, database, set }: SetAddress): Failure {
  return new Failure(`a fanned-out backup of an earlier slot is still at work: ${set}`, {
    ...{ kind: 'transient', subject: `${cluster}/${database}`, code: 'RunAtWork' },
    hint: 'Give the schedule more time between two slots, or the run more connections (backup.fanOut.connections).',
  })
}
