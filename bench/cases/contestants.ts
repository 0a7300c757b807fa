import { sessionEnvironment } from '../../sandbox/psql.ts'
import { type BenchCommand, pipeline } from '../measure/command.ts'
import type { DatasetName } from '../results.ts'
import { ballast, ballastBackup, ballastRestore } from '../stock/ballast.ts'
import { fullBackup, pgbackrest, stanzaCreate } from '../stock/pgbackrest.ts'
import type { Place } from '../stock/place.ts'
import { type StockDump, stockDumps } from '../stock/stock-dump.ts'
import type { Session } from './session.ts'

/** A tool in a race: how it backs up, and how it restores where that is measured. */
export interface Contestant {
  name: string
  backup: (place: Place) => BenchCommand
  /** Run before a backup, not measured. */
  prepare?: (place: Place) => BenchCommand
  restore?: (place: Place, target: string) => BenchCommand
}

/** All tools that back up a dataset. pgBackRest copies the whole server, so it runs where the dataset is all there is. */
export function contestants(session: Session, dataset: DatasetName): Contestant[] {
  const { workshop } = session
  const own: Contestant = {
    name: ballast,
    backup: (place) => ballastBackup(workshop, place),
    restore: (place, target) => ballastRestore(workshop, place, target),
  }
  const physical: Contestant = {
    name: pgbackrest,
    prepare: (place) => stanzaCreate(workshop, place),
    backup: (place) => fullBackup(workshop, place),
  }
  return [own, ...stockDumps.map((dump) => stockContestant(session, dump)), ...(dataset === 'mixed' ? [physical] : [])]
}

function stockContestant({ workshop, uploader }: Session, dump: StockDump): Contestant {
  const { sandbox, path } = workshop
  const environment = (place: Place, url: string) => ({
    PATH: path,
    ...uploader.env(sandbox.s3),
    ...sessionEnvironment(url),
    TARGET: `${sandbox.s3.bucket}/${place.prefix}/${dump.object}`,
    FILES: place.files,
  })
  const back = dump.restore?.(uploader)
  return {
    name: dump.name,
    backup: (place) => pipeline(dump.backup(uploader), environment(place, sandbox.backupUrl(place.database))),
    ...(back !== undefined && {
      restore: (place, target) => pipeline(back, environment(place, sandbox.primary.adminUrl(target))),
    }),
  }
}
