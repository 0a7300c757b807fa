import type { Cluster, Node } from '../../../config/index.ts'
import type { NodeFacts } from './node-facts.ts'

/** When this machine asked, and when it had the answer, by its own clock. */
export interface Asked {
  sentMs: number
  gotMs: number
}

/** Why a machine is not one that drills may touch, with what to do; a sentence or two. */
export interface NodeProblem {
  what: string
  hint: string
}

/** Times of several machines are compared with each other, and a moment to recover to is said by one of them. */
const mostSkewMs = 2_000

/** What is wrong with a machine, nothing where it is the node of the definition that it is taken for. */
export function nodeProblems({ name: cluster }: Cluster, node: Node, facts: NodeFacts, asked: Asked): NodeProblem[] {
  if (facts.cluster === '') {
    return [
      {
        what: 'was not made from an image of Ballast: /etc/ballast/image.env is missing',
        hint: 'Make it from one (docs/images.md), or rehearse on a cluster that is.',
      },
    ]
  }
  return [...identityProblems(cluster, node, facts), ...programProblems(facts), ...clockProblems(facts, asked)]
}

function identityProblems(cluster: string, node: Node, facts: NodeFacts): NodeProblem[] {
  const found = `it is ${facts.name || 'a node without a name'} of the cluster ${facts.cluster}, from an image for ${facts.role}`
  // After a failover that was meant to stay, a primary is one that was made as a replica; the programs are the same.
  const kind = (role: string): string => (role === 'docker' ? 'docker' : 'database')
  if (facts.cluster === cluster && facts.name === node.name && kind(facts.role) === kind(node.role)) return []
  return [{ what: `is not ${node.name}: ${found}`, hint: "Correct the node's address in the definition." }]
}

function programProblems({ missing }: NodeFacts): NodeProblem[] {
  if (missing.length === 0) return []
  return [{ what: `lacks ${missing.join(', ')}`, hint: 'Make it anew from an image that this version of Ballast bakes.' }]
}

function clockProblems({ clockMs }: NodeFacts, { sentMs, gotMs }: Asked): NodeProblem[] {
  const early = sentMs - clockMs
  const late = clockMs - gotMs
  const skewMs = Math.max(early, late)
  if (skewMs <= mostSkewMs) return []
  const seconds = (skewMs / 1000).toFixed(1)
  const which = early > late ? 'behind' : 'ahead of'
  return [
    {
      what: `has a clock that is ${seconds} s or more ${which} this machine's`,
      hint: 'See `chronyc tracking` there and the clock here; 2 s are allowed.',
    },
  ]
}
