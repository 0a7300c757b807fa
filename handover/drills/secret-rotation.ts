import { setTimeout as sleep } from 'node:timers/promises'
import type { Drill, DrillScene } from './drill.ts'
import { acceptedWays, byTwoLogins, makeLogin, type Rotation, wayOf } from './secret-rotation/rotate-login.ts'
import { rotateOwn } from './secret-rotation/rotate-own.ts'
import { RunningClients } from './secret-rotation/running-clients.ts'

const clientCount = 6
/** Fewer requests than these say nothing. */
const leastRequests = 200
const beforeMs = 1_000

/**
 * The passwords of the application and of Ballast are changed while both are at work, without one failed request; the old one
 * is good for nothing afterwards.
 */
export const secretRotation: Drill = {
  name: 'secret-rotation',
  changes: 'load',
  withinSeconds: 300,
  obstacle: () => undefined,
  async run(scene) {
    await rotateUnderLoad(scene, byTwoLogins)
    await rotateOwn(scene)
  },
}

/** Changes the password of clients that run all the time, and counts what fails. */
export async function rotateUnderLoad(scene: DrillScene, rotation: Rotation): Promise<void> {
  const { record, signal } = scene
  const first = await makeLogin(scene, 'first')
  const clients = new RunningClients(clientCount, await wayOf(scene, first), signal)
  let old = first
  try {
    await sleep(beforeMs, undefined, { signal })
    old = await rotation(scene, first, clients)
  } finally {
    await clients.stop()
  }
  const { accepted, tried } = await acceptedWays(scene, old)
  const sum = (of: 'requests' | 'failed'): number => clients.phases.reduce((total, phase) => total + phase[of], 0)
  const requests = sum('requests')
  record.measure('requestsMade', {
    ...{ value: requests, unit: 'count', samples: requests },
    limit: { is: 'at least', value: leastRequests, from: 'drill' },
  })
  record.measure('requestsLost', {
    ...{ value: sum('failed'), unit: 'count', samples: requests },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
  record.measure('oldPasswordsAccepted', {
    ...{ value: accepted, unit: 'count', samples: tried },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
  for (const words of new Set(clients.failures)) record.finding(`A request failed: ${words}`)
  record.table(
    'rotationPhases',
    ['phase', 'requests', 'failed'],
    clients.phases.map(({ phase, requests: made, failed }) => [phase, made, failed]),
  )
}
