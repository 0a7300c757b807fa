import { type PlanOfScale, planOfScale } from '../../functions/backup/scale/plan-of-scale.ts'
import { listPrices } from '../../functions/backup/scale/prices.ts'
import { assumedRates, type ScaleRates } from '../../functions/backup/scale/rates.ts'
import { sizedTables } from '../../functions/backup/scale/sized-tables.ts'
import { noiseTable } from '../data/noise.ts'
import { buildDatabase, dropDatabase, settle } from '../databases.ts'
import { bundleSteps, fanOutOnce, type MeasuredFanOut, timeIdleCalls } from '../fan-out/fan-out-once.ts'
import { runMeasured } from '../measure/run-measured.ts'
import type { PlannedPoint, StorePace } from '../results.ts'
import { openSlowStore, type SlowStore } from '../slow-store/slow-store.ts'
import { median } from '../statistics.ts'
import { ballastBackup } from '../stock/ballast.ts'
import { emptyStore, placeOf } from '../stock/place.ts'
import { outcomeIn } from './outcome-in.ts'
import type { Session } from './session.ts'

/** At scale 1; the smallest is measured first, and gives the rates for all. */
const sizes = [150e6, 300e6, 600e6]
const tables = 40
const connections = 7
const idleCalls = 3
/** So slow that the store is what takes the time, on few cores. */
const slowStore: StorePace = { bytesPerSecond: 4e6, latencyMs: 30 }

/** Plans fanned-out backups of three sizes, and makes them: what the plan says against what came of it. */
export async function measurePlans(session: Session): Promise<void> {
  const { workshop, options, report } = session
  const store = await openSlowStore(workshop.sandbox.s3.endpoint, slowStore)
  try {
    const bundle = await bundleSteps(workshop)
    const points: PlannedPoint[] = []
    let rates: ScaleRates | undefined
    for (const [index, size] of sizes.entries()) {
      const bytes = size * options.scale
      const database = `planned_${index + 1}`
      workshop.say(`Building the database "${database}"`)
      await buildDatabase(workshop, database, [...tablesOf(bytes), ['VACUUM (ANALYZE)']])
      await settle(workshop)
      await store.takeRequests()
      const run = await fanOutOnce(workshop, { bundle, database, endpoint: store.endpoint, connections })
      const requests = await store.takeRequests()
      rates ??= await calibrate(session, run, bytes)
      const point = compare(bytes, run, requests, planFor(bytes, rates), index === 0)
      points.push(point)
      sayPoint(session, point)
      await dropDatabase(workshop, database)
    }
    Object.assign(report, { planTakenAt: new Date().toISOString(), planStore: slowStore, plans: points })
  } finally {
    await store.stop()
  }
}

/** As a plan spreads them; two scripts at a time. */
function tablesOf(bytes: number): string[][] {
  const scripts = sizedTables({ bytes, tables }).map(({ name, heapBytes }) => noiseTable(name, heapBytes))
  return [[0, 1].map((half) => scripts.filter((_, index) => index % 2 === half).join(';\n'))]
}

function planFor(bytes: number, rates: ScaleRates): PlanOfScale {
  const limits = {
    durationSeconds: 43_200,
    snapshotAgeSeconds: 43_200,
    walHeldBytes: 20e9,
    maxConnections: 100,
    mostConnections: 97,
  }
  return planOfScale({
    ...{ size: { bytes, tables }, connections, holderSeconds: 720, rates, limits, prices: listPrices },
    ...{ memoryBytes: 2 * 1024 ** 3 },
  })
}

/** Rates of this machine: the store's as it was set, one connection's alone, the start of an idle call, and the rest of one run. */
async function calibrate(session: Session, run: MeasuredFanOut, bytes: number): Promise<ScaleRates> {
  const { workshop } = session
  const idle = await timeIdleCalls(run, idleCalls)
  const requestSeconds = slowStore.latencyMs / 1000
  const { summary, secondsByPhase } = run.manifest
  const known: ScaleRates = {
    ...assumedRates,
    ...{ copyBytesPerSecond: await rateOfOne(session, run.run.database, bytes), storedShare: summary.storedBytes / bytes },
    ...{ storeBytesPerSecond: slowStore.bytesPerSecond, requestSeconds, startSeconds: median(idle) - requestSeconds },
    ...{ connectSeconds: 0, tableSeconds: 0, holdSeconds: 0, holdTableSeconds: 0, describeSeconds: 0, describeTableSeconds: 0 },
  }
  const without = planFor(bytes, known).run
  const describe = run.steps.find(({ step }) => step === 'describe')
  const holdSeconds = Math.max(0, (secondsByPhase.hold ?? 0) - without.plannedSeconds)
  const describeSeconds = Math.max(0, (describe ? describe.ended - describe.begun : 0) - without.describeSeconds)
  workshop.say(
    `  rates: ${(known.copyBytesPerSecond / 1e6).toFixed(0)} MB/s a connection, start ${known.startSeconds.toFixed(2)} s, hold ${holdSeconds.toFixed(2)} s, describe ${describeSeconds.toFixed(2)} s, stored ${known.storedShare.toFixed(3)}`,
  )
  return { ...known, holdSeconds, describeSeconds }
}

/** One connection alone, to the store at its full speed. */
async function rateOfOne({ workshop }: Session, database: string, bytes: number): Promise<number> {
  const place = placeOf(workshop, database, 'one connection')
  const { output } = await runMeasured(ballastBackup(workshop, place, { workers: 1 }), workshop.around)
  await emptyStore(workshop, place)
  return bytes / outcomeIn(output).details.secondsByPhase.copy
}

function compare(
  bytes: number,
  run: MeasuredFanOut,
  requests: Awaited<ReturnType<SlowStore['takeRequests']>>,
  plan: PlanOfScale,
  calibrates: boolean,
): PlannedPoint {
  return {
    ...{ bytes, tables, workers: plan.workers, calibrates },
    planned: { seconds: plan.run.seconds, units: plan.units, requests: plan.run.requests },
    measured: { seconds: run.seconds, units: run.manifest.units.length, requests },
  }
}

function sayPoint({ workshop }: Session, { bytes, planned, measured }: PlannedPoint): void {
  const both = (of: (numbers: typeof planned) => number, digits = 0) =>
    `${of(planned).toFixed(digits)} planned, ${of(measured).toFixed(digits)} measured`
  workshop.say(
    `plan of ${(bytes / 1e6).toFixed(0)} MB: ${both(({ seconds }) => seconds, 1)} s; units ${both(({ units }) => units)}`,
  )
  for (const kind of Object.keys(planned.requests) as (keyof typeof planned.requests)[]) {
    workshop.say(`  ${kind}: ${both(({ requests }) => requests[kind])}`)
  }
}
