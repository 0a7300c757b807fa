import { slotOf } from '../slot.ts'
import { type Rule, repeated, when } from './rule.ts'

const oneOfEach: Rule = {
  needs: ['nodes'],
  check: ({ nodes }) => {
    const primaries = nodes.filter(({ role }) => role === 'primary').length
    const replicas = nodes.filter(({ role }) => role === 'replica').length
    const none = replicas > 0 ? 'has a replica without a primary' : 'has no primary'
    return [
      ...when(primaries === 0, 'nodes', none, "add { name: 'db-1', role: 'primary', address: '10.0.0.11' }"),
      ...when(primaries > 1, 'nodes', `has ${primaries} primaries`, "keep one and make the others role: 'replica'"),
    ]
  },
}

const unlike: Rule = {
  needs: ['nodes'],
  check: ({ nodes }) => [
    ...repeated(
      nodes,
      ({ name }) => name,
      (index) => `nodes[${index}].name`,
      'give every node its own name',
    ),
    ...repeated(
      nodes,
      ({ address }) => address,
      (index) => `nodes[${index}].address`,
      'give every node its own address',
    ),
    ...repeated(
      nodes,
      ({ publicAddress }) => publicAddress,
      (index) => `nodes[${index}].publicAddress`,
      'give every node its own address',
    ),
    ...repeated(
      nodes,
      (node) => node.slot ?? slotOf(node),
      (index) => `nodes[${index}].slot`,
      'give every replica its own slot',
    ),
  ],
}

const replicaOnly: Rule = {
  needs: ['nodes'],
  check: ({ nodes }) =>
    nodes.flatMap(({ role, slot, serveReads }, index) => [
      ...when(role !== 'replica' && slot !== undefined, `nodes[${index}].slot`, `a ${role} node has no slot`, 'remove it'),
      ...when(role !== 'replica' && serveReads, `nodes[${index}].serveReads`, 'is for replicas only', 'remove it'),
      ...when(
        slot !== undefined && !/^[a-z0-9_]{1,63}$/.test(slot),
        `nodes[${index}].slot`,
        'a slot has small letters, digits and underscores only',
        "write e.g. 'ballast_db_2'",
      ),
    ]),
}

const enoughStandbys: Rule = {
  needs: ['nodes', 'postgres.synchronous'],
  check: ({ nodes, postgres: { synchronous } }) => {
    const replicas = nodes.filter(({ role }) => role === 'replica').length
    return when(
      synchronous.mode !== 'off' && replicas < synchronous.standbys,
      'postgres.synchronous.standbys',
      `${synchronous.standbys} of ${replicas} replicas must confirm, so every commit would wait for ever`,
      "add a replica or write mode: 'off'",
    )
  },
}

const standbyForBackups: Rule = {
  needs: ['nodes', 'backup.source'],
  check: ({ nodes, backup }) =>
    when(
      backup.source === 'standby' && !nodes.some(({ role }) => role === 'replica'),
      'backup.source',
      'is a standby, but there is no replica',
      "add a replica or write source: 'primary'",
    ),
}

const pausedReplica: Rule = {
  needs: ['nodes', 'backup.fanOut.pauseReplica'],
  check: ({ nodes, backup }) => {
    const name = backup.fanOut.pauseReplica
    const paused = nodes.find((node) => node.name === name)
    const replicas = nodes.filter(({ role }) => role === 'replica').map((node) => node.name)
    return [
      ...when(
        name !== undefined && paused?.role !== 'replica',
        'backup.fanOut.pauseReplica',
        `no replica is named '${name}'`,
        replicas.length === 0 ? 'add a replica or remove it' : `use one of ${replicas.join(', ')}`,
      ),
      ...when(
        paused?.role === 'replica' && paused.serveReads,
        'backup.fanOut.pauseReplica',
        `'${name}' serves the application's reads, which would stand still`,
        'name a replica without serveReads',
      ),
    ]
  },
}

const tlsPair: Rule = {
  needs: ['postgres.tls'],
  check: ({ postgres: { tls } }) => [
    ...when(
      tls.certificate !== undefined && tls.key === undefined,
      'postgres.tls.key',
      'is missing for the certificate',
      "add key: file('/path')",
    ),
    ...when(
      tls.certificate === undefined && tls.key !== undefined,
      'postgres.tls.certificate',
      'is missing for the key',
      'add its path',
    ),
  ],
}

export const topologyRules: readonly Rule[] = [
  oneOfEach,
  unlike,
  replicaOnly,
  enoughStandbys,
  standbyForBackups,
  pausedReplica,
  tlsPair,
]
