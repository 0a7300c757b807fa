import { expect, test } from 'vitest'
import { startRequests } from '../../../../handover/drills/failover/application-requests.ts'
import { Recorder } from '../../../../handover/drills/recorder.ts'
import { quietSite } from '../../../support/quiet-site.ts'

test('where there is no application, requests are not tested, and the record says what to do', async () => {
  const record = new Recorder()
  const login = { user: 'ballast_drill', password: 'x', database: 'shop' }
  const restoreBy = () => {
    throw new Error('nothing was started')
  }
  const { signal } = new AbortController()
  expect(await startRequests({ site: quietSite(), login, record, signal, restoreBy }, 60)).toBeUndefined()
  expect(record.evidence).toMatchObject({ measurements: [], findings: [], events: [] })
  expect(record.evidence.untested).toEqual([
    expect.stringMatching(/^What a failover does .*no application that requests could go to\. Rehearse on a sandbox/),
  ])
})
