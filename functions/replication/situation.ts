import type { Expected, ExpectedNode } from './expected.ts'
import type { Answer, PrimaryFacts, SenderFacts, ServerFacts } from './facts.ts'
import { senderOf, standbySenders } from './senders.ts'

/** A server that takes writes, by what it says itself. */
export interface ActingPrimary {
  node: ExpectedNode
  facts: ServerFacts
  primary: PrimaryFacts
  /** The connections of its standbys in the latest reading. */
  senders: readonly SenderFacts[]
}

/** Who is what right now, as far as the servers answer. */
export interface Situation {
  expected: Expected
  answers: ReadonlyMap<string, Answer<ServerFacts>>
  /** The primary of the definition. */
  defined: ExpectedNode | undefined
  /** All that take writes. */
  primaries: readonly ActingPrimary[]
  /** The one that standbys are judged from: the defined one where it takes writes, else the only one that does. */
  acting: ActingPrimary | undefined
}

/** Sorts out the answers of one poll. */
export function situationOf(expected: Expected, all: readonly Answer<ServerFacts>[]): Situation {
  const answers = new Map(all.map((answer) => [answer.node, answer]))
  const primaries = expected.nodes.flatMap((node): ActingPrimary[] => {
    const facts = factsOf(answers, node.name)
    if (facts?.primary === undefined) return []
    const { primary } = facts
    const latest = primary.readings.at(-1) ?? primary.readings[0]
    return [{ node, facts, primary, senders: standbySenders(latest) }]
  })
  const defined = expected.nodes.find(({ role }) => role === 'primary')
  const acting = primaries.find(({ node }) => node === defined) ?? (primaries.length === 1 ? primaries[0] : undefined)
  return { expected, answers, defined, primaries, acting }
}

/** What a node said, if it answered. */
export function factsOf(answers: Situation['answers'], node: string): ServerFacts | undefined {
  const answer = answers.get(node)
  return answer !== undefined && 'facts' in answer ? answer.facts : undefined
}

/** The connection of a replica to the acting primary. */
export function connectionOf({ acting }: Situation, node: ExpectedNode): SenderFacts | undefined {
  return acting && senderOf(node, acting.senders)
}
