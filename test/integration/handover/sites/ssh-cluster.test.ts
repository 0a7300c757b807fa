import { expect, test } from 'vitest'
import { openSshCluster } from '../../../../handover/sites/ssh-cluster.ts'
import { sampleCluster } from '../../../support/definitions.ts'
import { failureOf } from '../../../support/failures.ts'

/** Nothing listens on this port of loopback, as long as the system gives it to nobody. */
const closedPort = 1

test('machines that cannot be reached are named, each with what to do, and nothing is begun', async () => {
  const definition = sampleCluster({
    'nodes[0].hostName': 'localhost',
    'nodes[1].hostName': 'localhost',
    'nodes[2].hostName': 'no-such-host.invalid',
    'firewall.sshPort': closedPort,
  })
  const { signal } = new AbortController()
  const failure = await failureOf(openSshCluster({ on: 'cluster', definition, env: process.env, signal }))
  expect(failure.kind).toBe('config')
  expect(failure.message).toMatch(/^3 of 3 machines cannot be rehearsed on, and nothing was changed:\n/)
  expect(failure.message).toMatch(/^db-1: db-1 \(admin@localhost\) cannot be reached: .*Connection refused/m)
  expect(failure.message).toMatch(/^db-2: .*no-such-host\.invalid.* Let `ssh admin@no-such-host\.invalid` work from here/ms)
})

test('a look at the machines that is stopped ends as that', async () => {
  const definition = sampleCluster()
  const stopped = AbortSignal.abort()
  await expect(openSshCluster({ on: 'cluster', definition, env: process.env, signal: stopped })).rejects.toMatchObject({
    code: 'Aborted',
  })
})
