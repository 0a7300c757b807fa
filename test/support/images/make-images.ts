import { readFileSync } from 'node:fs'
import type { DockerNode } from './docker-node.ts'

const program = readFileSync(new URL('../programs/make-images.sh', import.meta.url), 'utf8')

/** Makes the application's images with these tags on a docker node, and those of what stands beside it. */
export async function makeImages(node: DockerNode, ...tags: readonly string[]): Promise<void> {
  await node.done(`bash -s ${tags.join(' ')}`, program)
}
