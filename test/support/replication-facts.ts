import { defineCluster } from '../../config/index.ts'
import { type Expected, expectedCluster } from '../../functions/replication/expected.ts'
import type {
  Answer,
  PrimaryFacts,
  SenderFacts,
  ServerFacts,
  SlotFacts,
  WalReading,
} from '../../functions/replication/facts.ts'
import { definitionOf } from './watched-cluster.ts'

/** 2026-11-22T12:00:00Z, by every clock. */
export const nowMs = 1_795_348_800_000

/** A primary and a standby of the name `standby` with the slot of the same name. */
export const expected: Expected = expectedCluster(defineCluster(definitionOf(1)))

export const sender: SenderFacts = {
  ...{ pid: 7, applicationName: 'standby', state: 'streaming', syncState: 'async', replayLsn: '0/5000000' },
  flushLsn: '0/5000000',
  ...{ replyMs: nowMs, slot: 'standby', logical: false },
}

export const slot: SlotFacts = {
  ...{ name: 'standby', type: 'physical', active: true, walStatus: 'reserved', safeWalBytes: 4e9, retainedBytes: 1000 },
  ...{ xminAge: 10, inactiveSeconds: null, invalidation: null },
}

export const reading: WalReading = { lsn: '0/5000000', clockMs: nowMs, senders: [sender] }

const server: ServerFacts = {
  ...{ inRecovery: false, systemId: '77', timeline: 1, clockMs: nowMs, seesAll: true },
  ...{ connections: { used: 10, max: 100 }, transactions: [] },
}

const primary: PrimaryFacts = {
  slots: [slot],
  synchronous: { names: '', commit: 'on' },
  archiver: { mode: 'on', lastSegment: '000000010000000000000004', lastMs: nowMs, failedSegment: null, failedMs: null },
  ...{ segmentBytes: 16 * 1024 * 1024, freezeMaxAge: 200_000_000, readings: [reading] },
}

/** The answer of a healthy primary, or of one that differs. */
export function primaryAnswer(
  changed: Partial<PrimaryFacts> = {},
  facts: Partial<ServerFacts> = {},
  node = 'primary',
): Answer<ServerFacts> {
  return { node, facts: { ...server, primary: { ...primary, ...changed }, ...facts } }
}

/** The answer of a healthy standby, or of one that differs. */
export function standbyAnswer(
  changed: Partial<NonNullable<ServerFacts['standby']>> = {},
  facts: Partial<ServerFacts> = {},
  node = 'standby',
): Answer<ServerFacts> {
  const receiver = { status: 'streaming', slot: 'standby', host: '127.0.0.11' }
  const standby = { pauseState: 'not paused', receiver, statusIntervalSeconds: 10, ...changed }
  return { node, facts: { ...server, inRecovery: true, standby, ...facts } }
}

/** A node that does not answer. */
export function silentAnswer(node: string): Answer<ServerFacts> {
  return { node, problem: { message: 'connect ECONNREFUSED', hint: 'Nothing listens there.' } }
}
