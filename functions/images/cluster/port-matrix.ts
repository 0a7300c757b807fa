import { type Probe, type ProbeAnswer, probe } from '../../platform/qemu/probe.ts'
import type { BootedNode } from '../boot/scene.ts'
import type { Speaker } from '../lab/addresses.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import type { PortPolicy } from './expected-ports.ts'

/** One case of the matrix. */
interface Case extends Probe {
  speaker: Speaker
  what: string
  expected: ProbeAnswer
}

/** A port that is tried from everywhere: of the machine itself, or of something behind it. */
export interface Target extends PortPolicy {
  /** Its address of each family; left out where it has none. */
  ipv4?: string
  ipv6?: string
}

const fewestCases = 40

/** Tries every target from every speaker, in both address families, and compares each answer with what is meant. */
export async function checkPorts({ lab, speakers }: BootedNode, targets: readonly Target[]): Promise<LabFinding> {
  const cases = targets.flatMap((target) => casesOf(target, speakers))
  const answers = await probe(lab.network, cases)
  const problems = cases.flatMap(({ speaker, from, to, protocol, port, what, expected }, index) => {
    const answer = answers[index]
    return answer === expected
      ? []
      : [`${speaker} (${from}) to ${what} (${to}, ${protocol} ${port}): ${answer}, and should be ${expected}`]
  })
  if (cases.length < fewestCases)
    problems.push(`only ${cases.length} cases: give each group of the firewall networks of both families`)
  const open = cases.filter(({ expected }) => expected === 'open').length
  return judge(problems, `${cases.length} cases as they should be: ${open} open, ${cases.length - open} without an answer`)
}

function casesOf(target: Target, speakers: BootedNode['speakers']): Case[] {
  const { port, protocol, what, reachedBy } = target
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const to = target[family]
    if (to === undefined) return []
    return Object.entries(speakers[family]).map(([speaker, from]) => ({
      ...{ from, to, port, protocol, what, speaker: speaker as Speaker },
      expected: reachedBy.includes(speaker as Speaker) ? 'open' : ('silent' as const),
    }))
  })
}
