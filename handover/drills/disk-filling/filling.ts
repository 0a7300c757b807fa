import { Failure } from '../../../functions/platform/failure.ts'
import { definedPrimary } from '../../sites/site.ts'
import type { DrillScene } from '../drill.ts'
import { onPrimary } from '../drill-rows.ts'

const table = 'disk_filling'
const rowBytes = 1024 * 1024
/** What a server answers that cannot extend a file. */
const diskFull = '53100'

/**
 * Rows that fill the primary's disk. They are in no WAL: replicas and archives are not flooded, and a server that has no room
 * for them refuses a statement where it would otherwise end.
 */
export class Filling {
  readonly #scene: DrillScene

  constructor(scene: DrillScene) {
    this.#scene = scene
  }

  async begin(): Promise<void> {
    await onPrimary(this.#scene, 'direct', async (session) => {
      await session.query(`CREATE UNLOGGED TABLE IF NOT EXISTS ${table} (body text)`)
      // Otherwise the rows would be compressed to nothing.
      await session.query(`ALTER TABLE ${table} ALTER body SET STORAGE EXTERNAL`)
    })
  }

  /** Adds so many bytes of rows; false where the server has no room for them. */
  async write(bytes: number): Promise<boolean> {
    const rows = Math.ceil(bytes / rowBytes)
    try {
      await onPrimary(this.#scene, 'direct', async (session) => {
        await session.query(`INSERT INTO ${table} SELECT repeat('x', ${rowBytes}) FROM generate_series(1, ${rows})`)
      })
      return true
    } catch (error) {
      if (error instanceof Failure && error.code === diskFull) return false
      throw error
    }
  }

  /** Removes them, which gives their room back at once. Repeated calls change nothing. */
  async end(signal: AbortSignal): Promise<void> {
    const { site, login } = this.#scene
    const drop = `DROP TABLE IF EXISTS ${login.user}.${table}; CHECKPOINT;`
    await site.sql(definedPrimary(site), drop, { database: login.database, signal })
  }
}
