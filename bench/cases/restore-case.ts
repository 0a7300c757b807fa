import { assertRestored, createDatabase, dropDatabase, fingerprint, settle } from '../databases.ts'
import type { BenchCommand } from '../measure/command.ts'
import { runMeasured } from '../measure/run-measured.ts'
import type { DatasetName, Usage } from '../results.ts'
import { ballast, ballastVerify } from '../stock/ballast.ts'
import { placeOf, removeFiles } from '../stock/place.ts'
import type { Workshop } from '../workshop.ts'
import { backUp } from './backup-case.ts'
import { type Contestant, contestants } from './contestants.ts'
import { record, type Session } from './session.ts'

const target = 'restored'

/** Every tool that has a way back restores its own backup from the store into an empty database, in turns. */
export async function measureRestores(session: Session, dataset: DatasetName): Promise<void> {
  const { workshop, options } = session
  const expected = await fingerprint(workshop, dataset)
  const racing = contestants(session, dataset).flatMap(({ restore, ...rest }) => (restore ? [{ ...rest, restore }] : []))
  for (const contestant of racing) await ensureBackup(session, dataset, contestant)
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const contestant of racing) {
      const place = placeOf(workshop, dataset, contestant.name)
      const usage = await restoreOnce(workshop, contestant.restore(place, target), expected)
      await removeFiles(place)
      record(session, { dataset, operation: 'restore', tool: contestant.name, round, ...usage, storedBytes: 0 })
    }
  }
}

/** Ballast proves its backup of the dataset. */
export async function measureVerifications(session: Session, dataset: DatasetName): Promise<void> {
  const { workshop, options } = session
  const [own] = contestants(session, dataset)
  if (own) await ensureBackup(session, dataset, own)
  for (let round = 1; round <= options.rounds; round += 1) {
    await settle(workshop)
    const { output: _, ...usage } = await runMeasured(
      ballastVerify(workshop, placeOf(workshop, dataset, ballast)),
      workshop.around,
    )
    record(session, { dataset, operation: 'verify', tool: ballast, round, ...usage, storedBytes: 0 })
  }
}

/** One restore into a database made for it; what came back is compared with the source, outside the measured time. */
export async function restoreOnce(workshop: Workshop, command: BenchCommand, expected: string): Promise<Usage> {
  await createDatabase(workshop, target)
  await settle(workshop)
  const { output: _, ...usage } = await runMeasured(command, workshop.around)
  await assertRestored(workshop, target, expected, command.args.join(' '))
  await dropDatabase(workshop, target)
  return usage
}

/** The backup may be there from the backup case. */
async function ensureBackup(session: Session, dataset: DatasetName, contestant: Contestant): Promise<void> {
  const place = placeOf(session.workshop, dataset, contestant.name)
  if (!session.stored.has(place.prefix)) await backUp(session, contestant, place)
}
