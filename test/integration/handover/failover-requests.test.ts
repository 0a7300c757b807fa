import { expect, test } from 'vitest'
import { failover } from '../../../handover/drills/failover.ts'
import { SandboxSite } from '../../../handover/sites/sandbox-site.ts'
import type { SiteApplication } from '../../../handover/sites/site.ts'
import { measured, runDrills, useDrillSite } from '../../support/drill-site.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

const site = useDrillSite()
const results = freshDirectory()

/** The same sandbox as another kind of site. */
function as(Kind: typeof SandboxSite, env = site().env): SandboxSite {
  const { sandbox, definition, cluster, store } = site()
  return new Kind({ sandbox, definition, cluster, env, settings: store.settings })
}

test('requests get no answer while the primary is replaced, are answered again, and the record says for how long', async () => {
  const [done] = await runDrills(site(), [failover], results())
  expect(done).toMatchObject({ verdict: 'passed', record: { state: 'complete', findings: [], restored: true } })
  expect(done?.record.untested).toBeUndefined()

  const { events = [], tables = [] } = done?.record ?? {}
  const order = ['requestsStarted', 'primaryStopped', 'promotionOrdered', 'firstWrite', 'requestsEnded', 'restoreBegun']
  expect(events.map(({ key }) => key).filter((key) => order.includes(key))).toEqual(order)
  const sent = measured(done, 'applicationRequests')?.value ?? 0
  expect(measured(done, 'applicationRequestsFailed')).toMatchObject({ unit: 'count', samples: sent })
  // Nothing was there to answer from the loss of the primary to the order at least.
  const atMs = (wanted: string) => events.find(({ key }) => key === wanted)?.atMs ?? Number.NaN
  const gap = measured(done, 'applicationGap')
  expect(gap).toMatchObject({ unit: 's', samples: sent })
  expect((gap?.value ?? 0) * 1000).toBeGreaterThan(atMs('promotionOrdered') - atMs('primaryStopped'))

  const { rows = [] } = tables.find(({ key }) => key === 'targetAnswers') ?? {}
  expect(rows.map(([target]) => target).sort()).toEqual(['consolidation', 'entries'])
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0)
  expect([sum(1), sum(2)]).toEqual([sent, measured(done, 'applicationRequestsFailed')?.value])
})

/** A cluster whose application knows one server alone, beside services that do not do their work. */
class StrandedSite extends SandboxSite {
  override async application(databaseUrl: string, signal: AbortSignal): Promise<SiteApplication> {
    const { host, port } = await this.reach('db-1', 'direct')
    const direct = Object.assign(new URL(databaseUrl), { hostname: host, port: String(port) })
    const { targets, stop } = await super.application(direct.href, signal)
    const [entries] = targets
    const wrong = { name: 'wrong', url: `${entries?.url}/nowhere` }
    const away = { name: 'away', url: 'http://127.0.0.1:1/' }
    return { targets: [...targets, wrong, away], stop }
  }
}

test('an application that does not find the new primary fails the drill; a service that did not work before is not judged', async () => {
  const [done] = await runDrills(as(StrandedSite), [failover], results())
  expect(done).toMatchObject({ verdict: 'failed', record: { state: 'complete', restored: true } })
  expect(measured(done, 'firstWrite')).toMatchObject({ samples: 1 })
  expect(done?.record.findings).toEqual([
    expect.stringMatching(/^entries gave no right answer within 30 s after the new primary had taken writes: /),
    expect.stringMatching(/^consolidation gave no right answer /),
  ])
  expect(measured(done, 'applicationRequestsFailed')?.value).toBeGreaterThan(0)
  expect(measured(done, 'applicationGap')?.value).toBeGreaterThan(30)
  expect(done?.record.tables.find(({ key }) => key === 'targetAnswers')?.rows).toHaveLength(2)
  expect(done?.record.untested).toEqual([
    expect.stringMatching(/requests: target wrong: http:\S+ answers with status 404\.$/),
    expect.stringMatching(/requests: target away: http:\/\/127\.0\.0\.1:1\/ cannot be reached: /),
  ])
})

test('without k6 it is not tested, which the record says, and the drill passes without it', async () => {
  const env = { ...site().env, PATH: '', XDG_CACHE_HOME: '/nowhere' }
  const [done] = await runDrills(as(SandboxSite, env), [failover], results())
  expect(done).toMatchObject({ verdict: 'passed', record: { findings: [], restored: true } })
  expect(done?.record.untested).toEqual([expect.stringMatching(/^What a failover does .*: there is no k6 .* Build k6 /)])
  expect(measured(done, 'applicationRequests')).toBeUndefined()
  expect(done?.record.events.map(({ key }) => key)).not.toContain('requestsStarted')
})
