import type { Cluster } from '../../config/index.ts'
import type { Site } from '../../handover/sites/site.ts'
import { sampleCluster } from './definitions.ts'

/** What a test says of a site on which nothing runs. */
export interface QuietSite {
  definition?: Cluster
  on?: Site['on']
  /** What a node says it is: `primary`, or how its receiver is; by default what the definition has it to be. */
  states?: Readonly<Record<string, string>>
}

/** A site for the runner of drills alone, which asks every node how it is and nothing else; whatever else is asked throws. */
export function quietSite({ definition = sampleCluster(), on = 'sandbox', states = {} }: QuietSite = {}): Site {
  const asked = (what: string) => () => Promise.reject(new Error(`the runner asked for ${what}`))
  return {
    ...{ on, definition, cluster: definition, env: {} },
    nodes: [
      { name: 'db-1', role: 'primary' },
      { name: 'db-2', role: 'replica' },
    ],
    sql: (node) => Promise.resolve(states[node] ?? (node === 'db-1' ? 'primary' : 'streaming')),
    ...{ reach: asked('a way'), monitors: asked('monitors'), cutPower: asked('a power cut'), stop: asked('a stop') },
    ...{ start: asked('a start'), promote: asked('a promotion'), rejoin: asked('a return') },
    ...{ cutReplica: asked('a cut'), reconnectReplica: asked('a connection') },
    close: () => Promise.resolve(),
  }
}
