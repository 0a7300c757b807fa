import { mixedDatabase } from '../data/mixed.ts'
import { buildDatabase, dropDatabase, fingerprint, surveyDatabase } from '../databases.ts'
import { runMeasured } from '../measure/run-measured.ts'
import type { MemoryPoint, Operation, Usage } from '../results.ts'
import { ballast, ballastBackup, ballastRestore, ballastVerify } from '../stock/ballast.ts'
import { emptyStore, placeOf } from '../stock/place.ts'
import { restoreOnce } from './restore-case.ts'
import type { Session } from './session.ts'

const database = 'sized'

/** Ballast's peak memory on the mixed database at each size; size 1 is taken from the races where they were run. */
export async function measureMemory(session: Session): Promise<void> {
  for (const size of session.options.memoryScales) {
    const known = size === 1 ? raced(session) : []
    const points = known.length > 0 ? known : await measureSize(session, size)
    session.report.memory.push(...points)
    for (const { operation, peakRssBytes } of points) {
      session.workshop.say(`memory at ${size} times the data: ${operation}: ${(peakRssBytes / 1e6).toFixed(0)} MB`)
    }
  }
}

function raced({ report }: Session): MemoryPoint[] {
  const textBytes = report.datasets.find(({ name }) => name === 'mixed')?.textBytes ?? 0
  const operations: Operation[] = ['backup', 'restore', 'verify']
  const points = operations.map((operation) => {
    const peaks = report.measurements
      .filter((one) => one.dataset === 'mixed' && one.operation === operation && one.tool === ballast)
      .map(({ peakRssBytes }) => peakRssBytes)
    return { operation, size: 1, textBytes, peakRssBytes: Math.max(0, ...peaks) }
  })
  return points.every(({ peakRssBytes }) => peakRssBytes > 0) ? points : []
}

async function measureSize({ workshop, options }: Session, size: number): Promise<MemoryPoint[]> {
  workshop.say(`Building the mixed database at ${size} times the size`)
  await buildDatabase(workshop, database, mixedDatabase(options.scale * size))
  const place = placeOf(workshop, database, ballast)
  const { textBytes } = await surveyDatabase(workshop, database, 'mixed')
  const expected = await fingerprint(workshop, database)
  const point = (operation: Operation, { peakRssBytes }: Usage): MemoryPoint => ({ operation, size, textBytes, peakRssBytes })
  const points = [
    point('backup', await runMeasured(ballastBackup(workshop, place), workshop.around)),
    point('restore', await restoreOnce(workshop, ballastRestore(workshop, place, 'restored'), expected)),
    point('verify', await runMeasured(ballastVerify(workshop, place), workshop.around)),
  ]
  await dropDatabase(workshop, database)
  await emptyStore(workshop, place)
  return points
}
