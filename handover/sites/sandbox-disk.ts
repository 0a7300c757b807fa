import type { SandboxParts } from '../../sandbox/parts.ts'
import type { SiteDisk } from './site.ts'

/** The primary's disk, where it is in memory; no disk of the machine itself is ever filled. */
export function sandboxDisk({ primaryDisk, nodes }: Pick<SandboxParts, 'primaryDisk' | 'nodes'>): SiteDisk | undefined {
  if (primaryDisk === undefined) return undefined
  const of = (node: string) => {
    if (node === nodes[0]?.name) return primaryDisk
    throw new Error(`the disk of ${node} is the machine's own`)
  }
  return {
    room: (node) => of(node).room(),
    fillTo: (node, freeBytes) => of(node).fillTo(freeBytes),
    clear: (node) => of(node).clear(),
  }
}
