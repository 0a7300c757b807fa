import { passwordVariable } from './lab/lab-cluster.ts'
import { labProbes, labTries } from './lab/lab-ports.ts'
import { type ImagesLab, type ImagesLabOptions, startImagesLab } from './lab/start-lab.ts'
import type { Site } from './site.ts'
import { openSshCluster } from './ssh-cluster.ts'

/**
 * Machines made from baked images: a primary, a replica and a docker machine on a network of their own, which are acted on as
 * any other machines are, by SSH.
 *
 * @throws Failure of kind `config` where an image is missing or was made from another definition.
 */
export async function openImagesSite(options: ImagesLabOptions): Promise<Site> {
  const lab = await startImagesLab(options)
  try {
    return await labSite(lab, options)
  } catch (error) {
    await lab.close()
    throw error
  }
}

/** The site that a lab is. Closing it ends the lab. */
export async function labSite(
  { booted, cluster, ssh, relay, close }: ImagesLab,
  { definition, env, signal }: Pick<ImagesLabOptions, 'definition' | 'env' | 'signal'>,
): Promise<Site> {
  const labEnv: NodeJS.ProcessEnv = { ...env }
  const keepPassword = (role: string, password: string): void => {
    labEnv[passwordVariable(role)] = password
  }
  for (const [role, password] of Object.entries(booted[0].passwords)) keepPassword(role, password)
  const site = await openSshCluster({ on: 'images', definition, cluster, env: labEnv, ssh, keepPassword, signal })
  const relayed = <At extends { host: string; port: number }>(at: At): At => {
    return { ...at, host: '127.0.0.1', port: relay.portTo({ address: at.host, port: at.port }) }
  }
  return {
    ...site,
    reach: async (node, through) => relayed(await site.reach(node, through)),
    monitors: async (part) => {
      const connections = await site.monitors(part)
      return connections.map(({ node, settings }) => ({ node, settings: { ...settings, hosts: settings.hosts.map(relayed) } }))
    },
    ports: () => Promise.resolve(labProbes(definition, booted)),
    tryPorts: labTries(definition, booted),
    close: async () => {
      await site.close()
      await close()
    },
  }
}
