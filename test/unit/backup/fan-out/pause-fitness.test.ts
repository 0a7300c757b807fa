import { describe, expect, it } from 'vitest'
import { type PrimaryFacts, type ReplicaFacts, unfitReplica } from '../../../../functions/backup/fan-out/pause-fitness.ts'

const replica: ReplicaFacts = { standby: true, pauseState: 'not paused', mayPause: true, monitorMayResume: true }
const primary: PrimaryFacts = { primary: true, synchronousNames: '', syncState: 'async', remoteApply: false }
const roles = { role: 'ballast_backup', monitor: 'my monitor' }
const unfit = (changed: Partial<ReplicaFacts>, at: Partial<PrimaryFacts> = {}) =>
  unfitReplica({ name: 'db-3' }, { ...replica, ...changed }, { ...primary, ...at }, roles)

describe('a replica', () => {
  it.each<[string, Partial<PrimaryFacts>]>([
    ['no commit waits for', {}],
    ['commits wait for until they are written there', { synchronousNames: '"db-3"', syncState: 'sync' }],
    ['commits would wait for, if any standby had to confirm', { remoteApply: true, syncState: null }],
    ['is not among those that commits wait for', { remoteApply: true, synchronousNames: '"db-2"' }],
  ])('that %s may be paused', (_, at) => {
    expect(unfit({}, at)).toBeUndefined()
  })

  it.each<[string, Partial<ReplicaFacts>, Partial<PrimaryFacts>, RegExp, RegExp]>([
    ['takes writes', { standby: false }, {}, /db-3 is no standby/, /pauseReplica/],
    ['has no primary', {}, { primary: false }, /in recovery/, /roles of the nodes/],
    [
      'the role may not pause',
      { mayPause: false },
      {},
      /ballast_backup may not pause/,
      /TO "ballast_backup"; GRANT .*TO "my monitor"/,
    ],
    [
      'the monitor may not resume',
      { monitorMayResume: false },
      {},
      /my monitor may not resume/,
      /database postgres.*GRANT EXECUTE/,
    ],
    ...(['sync', 'quorum', 'potential', null] as const).map(
      (syncState): [string, Partial<ReplicaFacts>, Partial<PrimaryFacts>, RegExp, RegExp] => [
        `commits wait for until they are replayed (${syncState})`,
        {},
        { remoteApply: true, synchronousNames: '*', syncState },
        /commits on the primary would hang.*remote_apply/,
        /synchronous_standby_names, or set synchronous_commit to on/,
      ],
    ),
  ])('that %s is refused, with what to change', (_, changed, at, message, hint) => {
    const failure = unfit(changed, at)
    expect(failure).toMatchObject({ kind: 'config', code: 'Unfit' })
    expect(failure?.message).toMatch(message)
    expect(failure?.hint).toMatch(hint)
  })
})
