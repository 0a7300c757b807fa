import { checkListening } from '../boot/listening.ts'
import { checkServices } from '../boot/services.ts'
import { openJournal } from '../lab/lab-check.ts'
import type { TestCheck } from '../test-report.ts'
import { checkDatabasePorts } from './database-ports.ts'
import { checkDockerPorts } from './docker-ports.ts'
import { checkPromotion, checkRejoining } from './failover.ts'
import { checkFirewallReload } from './firewall-reload.ts'
import { checkJoining, checkLag } from './replication.ts'
import { type ClusterOptions, startCluster } from './scene.ts'
import { checkSlotCap } from './slot-cap.ts'

/** The checks of {@link testCluster}, in order. */
export const clusterCheckNames = [
  'the replica joins by itself',
  'every service of the replica is up',
  'what listens on the replica is what the definition offers',
  'the replica keeps up under load',
  'the firewall is loaded anew without losing a connection',
  'ports of the primary',
  'ports of the replica',
  'ports of the docker machine',
  'the replica is promoted',
  'the old primary rejoins',
  'a slot that holds back too much is given up',
] as const

/** Runs a primary, a replica and a docker machine together, breaks the primary, and looks at what each does. */
export async function testCluster(options: ClusterOptions): Promise<readonly TestCheck[]> {
  const { check: note, checks } = openJournal('cluster', options.say)
  const check = async (name: (typeof clusterCheckNames)[number], look: Parameters<typeof note>[1]) => await note(name, look)
  const scene = await startCluster(options)
  const { primary, replica, docker } = scene
  try {
    await check('the replica joins by itself', () => checkJoining(scene))
    await check('every service of the replica is up', () => checkServices(replica.shell))
    await check('what listens on the replica is what the definition offers', () => checkListening(replica))
    await check('the replica keeps up under load', () => checkLag(scene))
    await check('the firewall is loaded anew without losing a connection', () => checkFirewallReload(scene))
    await check('ports of the primary', () => checkDatabasePorts(primary))
    await check('ports of the replica', () => checkDatabasePorts(replica))
    await check('ports of the docker machine', () => checkDockerPorts(docker))
    await check('the replica is promoted', () => checkPromotion(scene))
    const old = await scene.restartPrimary()
    await check('the old primary rejoins', () => checkRejoining(scene, old))
    await check('a slot that holds back too much is given up', () => checkSlotCap(scene, old))
    return checks
  } finally {
    await scene.lab.end()
  }
}
