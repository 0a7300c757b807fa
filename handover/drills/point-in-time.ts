import { setTimeout as sleep } from 'node:timers/promises'
import { definedPrimary, type Site } from '../sites/site.ts'
import type { Drill, DrillScene, Obstacle } from './drill.ts'
import { makeRows } from './drill-rows.ts'
import { archiveNow } from './point-in-time/archive-now.ts'
import { type RowDigests, rowDigests, rowsDifferent } from './point-in-time/row-digests.ts'

const table = 'deleted_orders'
const rows = 2_000
/** pgBackRest knows the end of a backup to the second, and recovers to what is after it alone. */
const wholeSecondMs = 1_100

/**
 * What somebody deleted by mistake is there again as it was at the moment before, beside the running cluster; and the WAL that
 * this takes is in the archive soon after it was written.
 */
export const pointInTime: Drill = {
  name: 'point-in-time',
  changes: 'load',
  withinSeconds: 4 * 3600,
  obstacle,
  async run(scene) {
    const { site, record, signal, login } = scene
    const [pgbackrest, recoverTo] = [site.pgbackrest?.bind(site), site.recoverTo?.bind(site)]
    if (pgbackrest === undefined || recoverTo === undefined) throw new Error('the drill was begun without an archive')
    const primary = definedPrimary(site)
    await makeRows(scene, table, rows)
    // The first one in a repository is a full one, whatever is asked for.
    await pgbackrest(primary, ['--type=incr', 'backup'], signal)
    record.event('archiveBackupMade')
    await sleep(wholeSecondMs, undefined, { signal })
    const { moment, digests } = await noteMoment(scene)
    await deleteRows(scene)
    await archiveNow(scene)

    const orderedMs = Date.now()
    record.event('recoveryOrdered', moment)
    const server = await recoverTo(primary, moment, signal)
    try {
      const recovered = await rowsOf((script) => server.sql(script, { database: login.database, signal }), login.user)
      record.event('firstQuery')
      recordRecovery(scene, { seconds: (Date.now() - orderedMs) / 1000, different: rowsDifferent(digests, recovered) })
    } finally {
      await server.stop()
    }
  },
}

function obstacle({ definition, pgbackrest, recoverTo }: Site): Obstacle | undefined {
  if (definition.backup.pitr === undefined) {
    const reason = 'The definition has no point-in-time recovery'
    return {
      reason,
      next: 'Give it backup.pitr where the client is promised any, or leave the drill out in handover.drills.skip.',
    }
  }
  if (pgbackrest !== undefined && recoverTo !== undefined) return undefined
  const reason = 'On this site no server can be started over files that pgBackRest restores'
  return { reason, next: 'Rehearse it with --sandbox, and recover once by hand on the cluster.' }
}

async function noteMoment(scene: DrillScene): Promise<{ moment: string; digests: RowDigests }> {
  const { site, record, signal, login } = scene
  const primary = definedPrimary(site)
  const digests = await rowsOf((script) => site.sql(primary, script, { database: login.database, signal }), login.user)
  const moment = await site.sql(primary, 'SELECT clock_timestamp()', { signal })
  record.event('momentNoted', moment)
  return { moment, digests }
}

/** Two moments apart enough that a recovery can stop between them. */
const apartMs = 100

async function deleteRows({ site, record, signal, login }: DrillScene): Promise<void> {
  await sleep(apartMs, undefined, { signal })
  const script = `DELETE FROM ${login.user}.${table} WHERE id % 2 = 0; UPDATE ${login.user}.${table} SET body = 'gone';`
  await site.sql(definedPrimary(site), script, { database: login.database, signal })
  record.event('rowsDeleted')
}

async function rowsOf(sql: (script: string) => Promise<string>, schema: string): Promise<RowDigests> {
  return rowDigests(await sql(`SELECT id, md5(t::text) FROM ${schema}.${table} t ORDER BY id`))
}

function recordRecovery({ record, site }: DrillScene, { seconds, different }: { seconds: number; different: number }): void {
  const { recoveryTimeSeconds } = site.definition.handover.goals
  record.measure('rowsDifferent', {
    ...{ value: different, unit: 'count', samples: rows },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
  record.measure('recoveryTime', {
    ...{ value: seconds, unit: 's' },
    limit: { is: 'at most', value: recoveryTimeSeconds, from: 'handover.goals.recoveryTime' },
  })
}
