import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { factsScript, type NodeFacts, parseFacts } from '../../../../handover/sites/ssh/node-facts.ts'
import { nodeProblems } from '../../../../handover/sites/ssh/node-problems.ts'
import { sampleCluster } from '../../../support/definitions.ts'

const cluster = sampleCluster()
const [docker, primary, replica] = cluster.nodes
if (docker === undefined || primary === undefined || replica === undefined) throw new Error('the sample has three nodes')

const facts: NodeFacts = { clockMs: 10_500, cluster: 'shop', role: 'primary', name: 'db-1', missing: [] }
const asked = { sentMs: 10_000, gotMs: 11_000 }
const problemsOf = (changes: Partial<NodeFacts>, node = primary) => {
  return nodeProblems(cluster, node, { ...facts, ...changes }, asked).map(({ what }) => what)
}

describe('a machine that drills may touch', () => {
  test('is the node of the definition', () => expect(problemsOf({})).toEqual([]))

  test('may have been made as a replica: a failover was meant to stay', () => {
    expect(problemsOf({ role: 'replica' })).toEqual([])
  })

  test.each([12_999, 8_001])('may have a clock that is not exactly right (%i)', (clockMs) => {
    expect(problemsOf({ clockMs })).toEqual([])
  })
})

describe('a machine that is refused', () => {
  test('was not made from an image', () => {
    expect(problemsOf({ cluster: '', role: '', name: '', missing: ['ballast-promote'] })).toEqual([
      'was not made from an image of Ballast: /etc/ballast/image.env is missing',
    ])
  })

  test.each([{ cluster: 'other' }, { name: 'db-2' }, { name: '' }, { role: 'docker' }])('is another one: %j', (changes) => {
    const [problem] = problemsOf(changes)
    expect(problem).toMatch(/^is not db-1: it is /)
  })

  test('is a database where a docker machine should be', () => {
    expect(problemsOf({ name: 'app-1' }, docker)).toEqual([
      'is not app-1: it is app-1 of the cluster shop, from an image for primary',
    ])
  })

  test('lacks programs, or has another time', () => {
    expect(problemsOf({ missing: ['nft', 'ballast-rejoin'], clockMs: 5_000 })).toEqual([
      'lacks nft, ballast-rejoin',
      "has a clock that is 5.0 s or more behind this machine's",
    ])
    expect(problemsOf({ clockMs: 14_000 })).toEqual(["has a clock that is 3.0 s or more ahead of this machine's"])
  })
})

describe('what a machine says of itself', () => {
  test('is read on a machine that is none of an image, and lacks a program', () => {
    const before = Date.now()
    const text = execFileSync('bash', ['-s', '--', 'cat', 'ballast-no-such-program'], { input: factsScript, encoding: 'utf8' })
    const found = parseFacts(text)
    expect(found).toEqual({
      ...{ cluster: '', role: '', name: '', missing: ['ballast-no-such-program'] },
      clockMs: expect.any(Number),
    })
    expect(found.clockMs).toBeGreaterThanOrEqual(before)
    expect(found.clockMs).toBeLessThanOrEqual(Date.now())
  })

  test('counts only when it is whole', () => {
    expect(() => parseFacts('clockMs=1\ncluster=shop\n')).toThrow('a machine said of itself')
    expect(() => parseFacts('clockMs=soon\nend=1\n')).toThrow('a machine said of itself')
  })
})
