import { mkdir } from 'node:fs/promises'
import type { Cluster } from '../../../config/index.ts'
import type { BootedNode } from '../../../functions/images/boot/scene.ts'
import { checkServices } from '../../../functions/images/boot/services.ts'
import { checkJoining } from '../../../functions/images/cluster/replication.ts'
import { type ClusterScene, startCluster } from '../../../functions/images/cluster/scene.ts'
import type { ImageRole } from '../../../functions/images/image-facts.ts'
import type { LabFinding } from '../../../functions/images/lab/lab-check.ts'
import { labHost } from '../../../functions/images/lab/lab-host.ts'
import { readTestedImage } from '../../../functions/images/tested-image.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import type { SshAccess } from '../ssh/ssh-args.ts'
import { writeLabAccess } from './lab-access.ts'
import { labCluster } from './lab-cluster.ts'
import { startAnswering } from './lab-ports.ts'
import { type Relay, startRelay } from './relay.ts'

/** Baked images to rehearse on. */
export interface ImagesLabOptions {
  definition: Cluster
  /** The images' directories, one of each role. */
  directories: readonly string[]
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  /** Told of what is done meanwhile: it takes minutes. */
  say: (line: string) => void
}

/** Machines made from baked images, on a network of their own, and the ways to them. */
export interface ImagesLab {
  booted: readonly [primary: BootedNode, replica: BootedNode, docker: BootedNode]
  /** The definition as operations on this host are to see it. */
  cluster: Cluster
  ssh: Pick<SshAccess, 'configFile' | 'inside'>
  relay: Relay
  /** Ends every machine, and removes what was made. Idempotent. */
  close(): Promise<void>
}

/**
 * Boots a primary, a replica and a docker machine, and waits until they are a cluster.
 *
 * @throws Failure of kind `config` where an image is missing or was made from another definition.
 */
export async function startImagesLab(options: ImagesLabOptions): Promise<ImagesLab> {
  const { definition, env, signal, say } = options
  const disks = await disksOf(options)
  const host = await labHost({ cluster: definition, env, signal, say })
  say('Starting a primary, a replica and a docker machine from the images')
  const scene = await startCluster({ ...host, disks })
  try {
    say('Waiting until the replica streams and every service is up')
    return await labOf(scene, definition)
  } catch (error) {
    await scene.lab.end()
    throw error
  }
}

async function labOf(scene: ClusterScene, definition: Cluster): Promise<ImagesLab> {
  const { lab, primary, replica, docker } = scene
  const booted = [primary, replica, docker] as const
  requirePassed(replica.node.name, await checkJoining(scene))
  for (const { node, shell } of booted) requirePassed(node.name, await checkServices(shell))
  await startAnswering(definition, booted)
  const { sshConfig, rootCertificate } = await writeLabAccess(lab, definition, booted)
  for (const { shell } of booted) shell.close()
  await speakAsAdmin(booted)
  const { postgres, pgbouncer } = definition
  const databasePorts = [primary, replica].flatMap(({ node: { address } }) => {
    return [postgres.port, pgbouncer.port].map((port) => ({ address, port }))
  })
  const relay = await startRelay(lab, databasePorts)
  const running = booted.map(({ node }) => node.name)
  const cluster = labCluster(definition, { running, rootCertificate, directory: lab.directory, relay })
  for (const store of cluster.backup.stores) if (store.type === 'file') await mkdir(store.directory)
  return {
    ...{ booted, cluster, relay, ssh: { configFile: sshConfig, inside: lab.network.inside } },
    close: async () => {
      await relay.close()
      await lab.end()
    },
  }
}

/** Programs in the lab's network that choose no address of their own speak as an administrator does. */
async function speakAsAdmin(booted: readonly BootedNode[]): Promise<void> {
  for (const { lab, addresses, speakers } of booted) {
    await lab.network.addRoute(addresses.ipv4, { source: speakers.ipv4.admin })
    await lab.network.addRoute(addresses.ipv6, { source: speakers.ipv6.admin })
  }
}

async function disksOf({ definition, directories }: ImagesLabOptions): Promise<Record<ImageRole, string>> {
  const images = await Promise.all(directories.map((directory) => readTestedImage(directory, definition)))
  const diskOf = (wanted: ImageRole): string => {
    const [image, second] = images.filter(({ role }) => role === wanted)
    if (image !== undefined && second === undefined) return image.disk
    throw new Failure(`${image === undefined ? 'no image' : 'more than one image'} is for the role ${wanted}`, {
      ...{ kind: 'config', subject: '--images', hint: 'Give one directory of each role: primary, replica and docker.' },
    })
  }
  return { docker: diskOf('docker'), primary: diskOf('primary'), replica: diskOf('replica') }
}

function requirePassed(node: string, { status, detail }: LabFinding): void {
  if (status === 'passed') return
  throw new Failure(`${node} is not ready: ${detail}`, {
    ...{ kind: 'permanent', subject: node, hint: '`ballast images test` says more about what is wrong with an image.' },
  })
}
