import { noiseTable } from '../data/noise.ts'
import { buildDatabase, dropDatabase, settle } from '../databases.ts'
import { bundleSteps, copySecondsOf, fanOutOnce } from '../fan-out/fan-out-once.ts'
import { countCpu, runMeasured } from '../measure/run-measured.ts'
import type { ScalingPoint, ScalingWay, StorePace } from '../results.ts'
import { openSlowStore, type SlowStore } from '../slow-store/slow-store.ts'
import { ballastBackup } from '../stock/ballast.ts'
import { emptyStore, type Place, placeOf } from '../stock/place.ts'
import { outcomeIn } from './outcome-in.ts'
import type { Session } from './session.ts'

const database = 'noise'
/** At scale 1: about 100 s of one worker, beside which starts and the last parts of all weigh little, as in what is fanned out. */
const diskBytes = 3e9
const workerCounts = [1, 2, 4, 8]
/** Of a store that is far away. */
const farStore: StorePace = { bytesPerSecond: 25e6, latencyMs: 30 }
const otherConnections = 4

/** The same backup by more and more workers, to a store that takes little over one connection: threads of one command, and functions. */
export async function measureScaling(session: Session, way: ScalingWay): Promise<void> {
  const { workshop, options, report } = session
  workshop.say(`Building the database "${database}"`)
  await buildDatabase(workshop, database, [[noiseTable('noise', diskBytes * options.scale)], ['VACUUM (ANALYZE)']])
  const store = await openSlowStore(workshop.sandbox.s3.endpoint, farStore)
  try {
    const bundle = way === 'functions' ? await bundleSteps(workshop) : ''
    for (const workers of workerCounts) {
      await settle(workshop)
      const measured = way === 'threads' ? withThreads(session, store, workers) : withFunctions(session, store, bundle, workers)
      keep(session, { way, workers, ...(await measured) })
    }
  } finally {
    await store.stop()
  }
  report.scalingStore = farStore
  report.scalingTakenAt = new Date().toISOString()
  await dropDatabase(workshop, database)
}

type Measured = Omit<ScalingPoint, 'way' | 'workers'>

function keep({ report, workshop }: Session, point: ScalingPoint): void {
  report.scaling = [...(report.scaling ?? []), point]
  const rate = (point.storedBytes / point.copySeconds / 1e6).toFixed(0)
  workshop.say(
    `scaling, ${point.way}, ${point.workers} workers: ${point.seconds.toFixed(1)} s, copying ${point.copySeconds.toFixed(1)} s at ${rate} MB/s`,
  )
}

async function withThreads({ workshop }: Session, store: SlowStore, workers: number): Promise<Measured> {
  const place: Place = placeOf(workshop, database, `threads ${workers}`)
  const command = ballastBackup(workshop, place, { workers, endpoint: store.endpoint })
  const { seconds, clientCpuSeconds, serverCpuSeconds, storeCpuSeconds, output } = await runMeasured(command, workshop.around)
  await emptyStore(workshop, place)
  const { numbers, details } = outcomeIn(output)
  const [storedBytes, copySeconds] = [numbers.storedBytes, details.secondsByPhase.copy]
  return { seconds, copySeconds, storedBytes, cpuSeconds: clientCpuSeconds + serverCpuSeconds + storeCpuSeconds }
}

async function withFunctions({ workshop }: Session, store: SlowStore, bundle: string, workers: number): Promise<Measured> {
  const connections = workers + otherConnections
  const options = { bundle, database, endpoint: store.endpoint, connections }
  const { result: run, ...cpu } = await countCpu(workshop.around, () => fanOutOnce(workshop, options))
  const cpuSeconds = cpu.clientCpuSeconds + cpu.serverCpuSeconds + cpu.storeCpuSeconds
  return { seconds: run.seconds, copySeconds: copySecondsOf(run), storedBytes: run.manifest.summary.storedBytes, cpuSeconds }
}
