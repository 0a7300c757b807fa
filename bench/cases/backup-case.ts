import { settle } from '../databases.ts'
import { runMeasured } from '../measure/run-measured.ts'
import type { DatasetName, Usage } from '../results.ts'
import { emptyStore, type Place, placeOf, removeFiles, storedBytes } from '../stock/place.ts'
import { type Contestant, contestants } from './contestants.ts'
import { record, type Session } from './session.ts'

/** Every tool backs the dataset up, in turns. The last round's backups stay in the store. */
export async function measureBackups(session: Session, dataset: DatasetName): Promise<void> {
  for (let round = 1; round <= session.options.rounds; round += 1) {
    for (const contestant of contestants(session, dataset)) {
      const place = placeOf(session.workshop, dataset, contestant.name)
      const usage = await backUp(session, contestant, place)
      const bytes = await storedBytes(session.workshop, place)
      record(session, { dataset, operation: 'backup', tool: contestant.name, round, ...usage, storedBytes: bytes })
    }
  }
}

/** One backup into an empty place; what the tool keeps locally is gone afterwards. */
export async function backUp({ workshop, stored }: Session, contestant: Contestant, place: Place): Promise<Usage> {
  await emptyStore(workshop, place)
  if (contestant.prepare) await runMeasured(contestant.prepare(place), workshop.around)
  await settle(workshop)
  const { output: _, ...usage } = await runMeasured(contestant.backup(place), workshop.around)
  await removeFiles(place)
  stored.add(place.prefix)
  return usage
}
