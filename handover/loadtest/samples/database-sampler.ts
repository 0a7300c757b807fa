import { openSession, type Session } from '../../../functions/platform/postgres/session.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import type { WalReading } from '../../../functions/replication/facts.ts'
import { lagOf } from '../../../functions/replication/lag-verdict.ts'
import type { WalPosition } from '../../../functions/replication/memory.ts'
import { standbySenders } from '../../../functions/replication/senders.ts'
import { readingSql } from '../../../functions/replication/server-sql.ts'
import type { LoadPoint } from '../../records/load-record.ts'
import type { Sampler } from './sampling.ts'

const connectionsSql = `SELECT count(*)::int AS used FROM pg_stat_activity WHERE backend_type = 'client backend'`
/** How far back a lag is measured; what is older counts as this old. */
const positionsKept = 600

/** Lag and connections, as the primary tells them to the monitor; over one session, opened anew when it is lost. */
export class DatabaseSampler implements Sampler {
  readonly what = 'replication lag and connections of the primary'
  readonly fields: readonly (keyof LoadPoint)[]
  readonly #settings: ConnectionSettings
  #positions: WalPosition[] = []
  #open: { session: Promise<Session>; end: AbortController } | undefined

  /** @param standbys whether there are any, whose lag must be known. */
  constructor(settings: ConnectionSettings, standbys: boolean) {
    this.#settings = settings
    this.fields = standbys ? ['lagBytes', 'lagMs', 'databaseConnections'] : ['databaseConnections']
  }

  async read(signal: AbortSignal): Promise<Partial<LoadPoint>> {
    const late = (): void => this.#open?.end.abort(signal.reason)
    signal.addEventListener('abort', late, { once: true })
    try {
      const session = await this.#session()
      const [connections] = await session.query<{ used: number }>(connectionsSql)
      const [reading] = await session.query<{ facts: WalReading }>(readingSql)
      if (connections === undefined || reading === undefined) throw new Error('a SELECT without FROM has no row')
      return { databaseConnections: connections.used, ...furthestLag(reading.facts, this.#positions) }
    } catch (error) {
      // Another server may answer next time, with positions and a clock of its own.
      this.#positions = []
      await this.close()
      throw error
    } finally {
      signal.removeEventListener('abort', late)
    }
  }

  async close(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.session.then(
      (session) => session.close(),
      () => undefined,
    )
  }

  #session(): Promise<Session> {
    if (this.#open === undefined) {
      const end = new AbortController()
      const session = openSession(this.#settings, { applicationName: 'ballast loadtest', signal: end.signal })
      this.#open = { session, end }
    }
    return this.#open.session
  }
}

/**
 * The lag of the standby that is furthest behind; nothing where none streams. Its time is what it is behind at least, by where
 * the primary was at earlier readings: 0 below the time between two of them.
 *
 * @param positions of earlier readings; this one is added.
 */
export function furthestLag(reading: WalReading, positions: WalPosition[]): Partial<LoadPoint> {
  positions.push({ lsn: reading.lsn, clockMs: reading.clockMs })
  if (positions.length > positionsKept) positions.shift()
  const lags = standbySenders(reading).flatMap(({ replayLsn }) =>
    replayLsn === null ? [] : [lagOf(replayLsn, reading, positions)],
  )
  if (lags.length === 0) return {}
  const lagMs = Math.max(...lags.map(({ atLeastSeconds }) => Math.round((atLeastSeconds ?? 0) * 1000)))
  return { lagBytes: Math.max(...lags.map(({ bytes }) => bytes)), lagMs }
}
