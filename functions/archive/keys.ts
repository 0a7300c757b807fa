import { Failure } from '../platform/failure.ts'
import { type DigestShare, digestShareName, parseDigestShare } from './digest-share.ts'
import { formatInstant, parseSetName } from './set-name.ts'

/** Names one set within a store. */
export interface SetAddress {
  cluster: string
  database: string
  set: string
}

export const manifestFile = 'manifest.json'
export const schemaFile = 'schema.dump'
export const globalsFile = 'globals.sql'
export const restoreScriptFile = 'restore.sh'

/**
 * What a verification found, as the name of its evidence says it, so that a listing shows it without reading any. `equal`:
 * everything was compared and is equal. `sampled`: nothing differs, and of some tables only the number of rows was compared.
 */
export type EvidenceVerdict = { verdict: 'equal' | 'different' } | { verdict: 'sampled'; digests: DigestShare }

/** Where all sets of a database live. Database names may hold any character, a key part only safe ones. */
export function databasePrefix(cluster: string, database: string): string {
  return `${keyPart(cluster)}/${keyPart(database)}/`
}

/** Where it is decided which set is that of a schedule's slot; `run` is the run part of its name. See `claimSlot`. */
export function slotKey({ cluster, database }: Pick<SetAddress, 'cluster' | 'database'>, run: string): string {
  return `${slotsPrefix(cluster)}${keyPart(database)}/${run}.json`
}

/** The cluster and the database of a key made by {@link slotKey}; undefined for any other. */
export function parseSlotKey(key: string): Pick<SetAddress, 'cluster' | 'database'> | undefined {
  const [cluster = '', own, slots, database = '', run, ...more] = key.split('/')
  if (own !== '.ballast' || slots !== 'slots' || run === undefined || more.length > 0) return undefined
  const names = { cluster: decodePart(cluster), database: decodePart(database) }
  if (names.cluster === undefined || names.database === undefined) return undefined
  const place = { cluster: names.cluster, database: names.database }
  return slotKey(place, run.replace(/\.json$/, '')) === key ? place : undefined
}

/** Where the decisions on a cluster's slots are. */
export function slotsPrefix(cluster: string): string {
  return `${ownPrefix(cluster)}slots/`
}

/** Where the fanned-out runs of a cluster keep what their steps tell each other. */
export function allRunsPrefix(cluster: string): string {
  return `${ownPrefix(cluster)}runs/`
}

/** Where those of one database keep it; one folder for each set that is made. */
export function runsPrefix({ cluster, database }: Pick<SetAddress, 'cluster' | 'database'>): string {
  return `${allRunsPrefix(cluster)}${keyPart(database)}/`
}

/** Where one run keeps it. */
export function runPrefix(address: SetAddress): string {
  return `${runsPrefix(address)}${address.set}/`
}

/** What the steps of one run change together; see `RunState`. */
export function runStateKey(address: SetAddress): string {
  return `${runPrefix(address)}snapshot.json`
}

/** The run that a key made below {@link runPrefix} belongs to; undefined for any other. */
export function parseRunKey(key: string): SetAddress | undefined {
  const [cluster = '', own, runs, database = '', set = '', file] = key.split('/')
  if (own !== '.ballast' || runs !== 'runs' || file === undefined || parseSetName(set) === undefined) return undefined
  const names = { cluster: decodePart(cluster), database: decodePart(database) }
  if (names.cluster === undefined || names.database === undefined) return undefined
  return { cluster: names.cluster, database: names.database, set }
}

/** The lease of one kind of work on one thing, such as `backup-app`. */
export function leaseKey(cluster: string, name: string): string {
  return `${ownPrefix(cluster)}leases/${keyPart(name)}.json`
}

/** What a poll of replication leaves for the next one. */
export function replicationMemoryKey(cluster: string): string {
  return `${ownPrefix(cluster)}replication.json`
}

/** Whether a run has the replay of a replica paused; see `ReplayPause`. */
export function replayPauseKey(cluster: string): string {
  return `${ownPrefix(cluster)}replay-pause.json`
}

/** The cluster of a key that belongs to no set but to Ballast all the same, such as a lease's; undefined for any other. */
export function clusterOfOwnKey(key: string): string | undefined {
  const cluster = decodePart(key.split('/', 1)[0] ?? '')
  return cluster !== undefined && key.startsWith(ownPrefix(cluster)) ? cluster : undefined
}

/** Where Ballast keeps what belongs to no set: neither part below it can be taken for the name of a set. */
function ownPrefix(cluster: string): string {
  return `${keyPart(cluster)}/.ballast/`
}

/** Where the files of one set live. */
export function setPrefix({ cluster, database, set }: SetAddress): string {
  if (parseSetName(set) === undefined) {
    throw new Failure(`"${set}" is not the name of a backup set`, {
      kind: 'config',
      subject: set,
      hint: 'Run `ballast list` for the names; they look like 2026-11-22T060000Z-k3x9q2.',
    })
  }
  return `${databasePrefix(cluster, database)}${set}/`
}

/**
 * Where a cluster's state of alerts is kept. A set's files are one level further down, so no catalogue takes it for one, not
 * even beside a database of that name.
 */
export function alertsKey(cluster: string): string {
  return `${ownPrefix(cluster)}alerts.json`
}

/** Where the history of a cluster's runs is kept: no more taken for a set, as `history` is no set's name. */
export function historyPrefix(cluster: string): string {
  return `${databasePrefix(cluster, '.ballast')}history/`
}

/** Where the records of a cluster's restore tests and drills are kept. */
export function drillsPrefix(cluster: string): string {
  return `${ownPrefix(cluster)}drills/`
}

/** Where a cluster's status page is kept. */
export function statusPrefix(cluster: string): string {
  return `${databasePrefix(cluster, '.ballast')}status/`
}

/** Where a cluster's published images are kept: those of each builder in a folder, and each image in one of its name. */
export function imagesPrefix(cluster: string): string {
  return `${ownPrefix(cluster)}images/`
}

/** A unit's file within its set; units are numbered from 1. */
export function unitFile(unit: number): string {
  return `data/${String(unit).padStart(6, '0')}.zst`
}

/** The file that holds the proof of one verification. */
export function evidenceFile(atMs: number, said: EvidenceVerdict): string {
  return `evidence/${formatInstant(atMs)}-${said.verdict === 'sampled' ? digestShareName(said.digests) : said.verdict}.json`
}

/** The file that says when a copy of a set was read back and found equal to its source. It belongs to that one copy. */
export function copyProofFile(atMs: number): string {
  return `evidence/${formatInstant(atMs)}-copied.json`
}

/** The verdict in the name of an evidence file, or undefined when it is some other file. */
export function evidenceVerdict(file: string): EvidenceVerdict | undefined {
  const said = /^evidence\/\d{8}T\d{6}Z-([a-z0-9-]+)\.json$/.exec(file)?.[1]
  if (said === 'equal' || said === 'different') return { verdict: said }
  const digests = said === undefined ? undefined : parseDigestShare(said)
  return digests && { verdict: 'sampled', digests }
}

/** The set that a key belongs to and the file within it, or undefined for a foreign key. */
export function parseKey(key: string): (SetAddress & { file: string }) | undefined {
  const [cluster, database, set, ...file] = key.split('/')
  if (cluster === undefined || database === undefined || set === undefined || file.length === 0) return undefined
  if (parseSetName(set) === undefined) return undefined
  const names = { cluster: decodePart(cluster), database: decodePart(database) }
  if (names.cluster === undefined || names.database === undefined) return undefined
  return { cluster: names.cluster, database: names.database, set, file: file.join('/') }
}

/** Percent-encodes whatever could end a key part or confuse a store or a shell; `.` and `..` alone are no parts. */
function keyPart(name: string): string {
  const encoded = encodeURIComponent(name).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return /^\.+$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded
}

function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
