import { type Finding, fail, ok } from '../platform/check.ts'
import type { ExpectedNode } from './expected.ts'
import { factsOf, type Situation } from './situation.ts'

const name = 'primary'

/** Whether exactly one node takes writes, and whether it is the one that the definition says. */
export function primaryFinding(situation: Situation, defined: ExpectedNode): Finding {
  const { primaries } = situation
  const others = primaries.filter(({ node }) => node !== defined)
  const own = primaries.find(({ node }) => node === defined)
  if (own !== undefined && others.length === 0) return ok(name, `takes writes, on timeline ${own.facts.timeline}`)
  if (primaries.length > 1) {
    const all = primaries.map(({ node, facts }) => `${node.name} (timeline ${facts.timeline})`).join(' and ')
    const fix =
      'Keep the application from all but one of them at once. The highest timeline was promoted last; what was written on another since then is on no other node: save it, then make that node a standby again with pg_rewind or pg_basebackup.'
    return fail(name, `${primaries.length} nodes take writes: ${all}`, fix)
  }
  const [other] = others
  if (other === undefined)
    return fail(name, `no node takes writes: ${stateOf(situation, defined)}`, noneFix(situation, defined))
  return fail(
    name,
    `${other.node.name} takes writes instead: ${stateOf(situation, defined)}`,
    `If that failover is meant to stay, swap the roles of ${defined.path} and ${other.node.path} in the definition, point PgBouncer to ${other.node.name}, and make ${defined.name} its standby; if nobody promoted ${other.node.name} on purpose, find out who did before anything else.`,
  )
}

function stateOf({ answers }: Situation, { name: node }: ExpectedNode): string {
  const facts = factsOf(answers, node)
  return facts === undefined ? `${node} does not answer` : `${node} is in recovery`
}

function noneFix(situation: Situation, defined: ExpectedNode): string {
  const { expected, answers } = situation
  const receiving = expected.nodes.filter(({ name: node }) => {
    return factsOf(answers, node)?.standby?.receiver?.status === 'streaming'
  })
  if (factsOf(answers, defined.name) === undefined && receiving.length > 0) {
    const names = receiving.map(({ name: node }) => node).join(', ')
    return `${names} still stream: it is alive, so do not promote. Look at the network between here and ${defined.name}, and at its connections and pg_hba.conf.`
  }
  return `Bring ${defined.name} back. Only if it is certainly gone and stays off: run SELECT pg_promote() on the standby that is furthest (pg_last_wal_replay_lsn()), and change the roles in the definition.`
}
