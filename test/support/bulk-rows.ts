import type { Manifest } from '../../functions/archive/manifest.ts'
import type { RunState } from '../../functions/archive/run-state.ts'
import type { SandboxConnections } from '../../sandbox/connections.ts'
import type { StepAnswer, StepEvent } from './fan-out-machine.ts'

/** Four rows fill a page, and no text comes again within what a compressor looks back. */
const bulkScript = (rows: number): string => `
CREATE TEMP TABLE pool (n int PRIMARY KEY, note text);
INSERT INTO pool SELECT n, translate(encode(string_agg(uuid_send(gen_random_uuid()), ''), 'base64'), E'\\n', '')
  FROM generate_series(0, 4095) n, generate_series(1, 86) GROUP BY n;
INSERT INTO events (note) SELECT (SELECT note FROM pool WHERE n = g % 4096) FROM generate_series(1, ${rows}) g;
`
const rowsOfPage = 4
const pageBytes = 8192
/** At once: less than psql's time, and than what a slot keeps for the standby. */
const stepBytes = 256 * 1024 * 1024

/** Adds rows of random text to the table `events` of a database, so many bytes on disk, and waits until the standby has them. */
export async function addBulkRows(sandbox: SandboxConnections, database: string, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= stepBytes) {
    const rows = Math.ceil(Math.min(left, stepBytes) / pageBytes) * rowsOfPage
    await sandbox.psql(sandbox.primary.url(database), bulkScript(rows))
    await sandbox.waitForStandby()
  }
}

/** What a step was answered, and when, in milliseconds since the epoch. */
export type TimedAnswer = [event: StepEvent, answer: StepAnswer, atMs: number]

/** What the copying of a run took, for people. */
export function wordsOfCopying(
  { summary, units }: Manifest,
  { generation }: RunState,
  answers: readonly TimedAnswer[],
): string {
  const planned = answers.find(([{ step }]) => step === 'await-plan')
  const copies = answers.filter(([{ step }]) => step === 'copy')
  const failed = copies.flatMap(([, answer]) => ('errorType' in answer ? [answer.errorType] : []))
  const seconds = ((copies.at(-1)?.[2] ?? 0) - (planned?.[2] ?? 0)) / 1000
  return (
    `${summary.rows} rows, ${(summary.rawBytes / 1e9).toFixed(2)} GB of COPY text in ${units.length} units: ` +
    `copied in ${seconds.toFixed(0)} s by ${copies.length} calls, of which ${failed.length} failed [${[...new Set(failed)]}]; ` +
    `${generation - 1} handovers`
  )
}
