import { describe, expect, it } from 'vitest'
import { refuseUnfit, type ServerLimits } from '../../../../functions/backup/fan-out/source-limits.ts'
import { Failure } from '../../../../functions/platform/failure.ts'

const fit: ServerLimits = {
  ...{ connections: 97, used: 10, roleLimit: -1, databaseLimit: -1, standby: false, replayPaused: false },
  ...{ streamingDelayMs: 30_000, feedback: false, timeouts: [] },
}

function refusalOf(changed: Partial<ServerLimits>, budget = 8, pauses = false): Failure | undefined {
  try {
    refuseUnfit({ ...fit, ...changed }, { connections: budget, pauses }, 'ballast')
    return undefined
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

describe('a server', () => {
  it.each<[string, Partial<ServerLimits>]>([
    ['with room', {}],
    ['with exactly as many connections free as the run may use, its own session among them', { used: 90 }],
    ['with limits that are as high as the budget', { roleLimit: 8, databaseLimit: 8 }],
    ['a standby with feedback', { standby: true, feedback: true }],
    ['a standby that waits for ever', { standby: true, streamingDelayMs: -1 }],
    ['a standby whose replay is paused', { standby: true, replayPaused: true }],
  ])('%s is fit', (_, changed) => {
    expect(refusalOf(changed)).toBeUndefined()
  })

  it.each<[Partial<ServerLimits>, RegExp, RegExp]>([
    [{ connections: 7 }, /max_connections allows 7/, /backup\.fanOut\.connections to 7.*raise max_connections/],
    [{ roleLimit: 5 }, /role ballast allows 5/, /ALTER ROLE .* CONNECTION LIMIT 8/],
    [{ databaseLimit: 0 }, /database allows 0/, /ALTER DATABASE/],
    [{ timeouts: ['transaction_timeout = 600000'] }, /end the session.*transaction_timeout/, /SET transaction_timeout = 0/],
    [{ standby: true }, /30 s in the way.*max_standby_streaming_delay/, /hot_standby_feedback on.*= -1.*pauseReplica/],
    [{ standby: true, streamingDelayMs: 0 }, / 0 s in the way/, /hot_standby_feedback/],
  ])('%o is refused before anything starts, with the setting to change', (changed, message, hint) => {
    expect(refusalOf(changed)).toMatchObject({ kind: 'config', code: 'Unfit' })
    expect(refusalOf(changed)?.message).toMatch(message)
    expect(refusalOf(changed)?.hint).toMatch(hint)
  })

  it('a standby that ends what is in the way of its replay is fit for a run that pauses it', () => {
    expect(refusalOf({ standby: true, streamingDelayMs: 0 }, 8, true)).toBeUndefined()
    expect(refusalOf({ standby: true, roleLimit: 3 }, 8, true)).toMatchObject({
      subject: 'the connection limit of role ballast',
    })
  })

  it('that only has no room now may have some later', () => {
    expect(refusalOf({ used: 91 })).toMatchObject({ kind: 'transient', code: 'NoConnections' })
  })

  it.each([0, 1, 4])('is not asked to fan out with a budget of %i', (budget) => {
    expect(refusalOf({}, budget)).toMatchObject({ kind: 'config', subject: 'backup.fanOut.connections' })
  })
})
