import { type Finding, fail, ok, warn } from '../platform/check.ts'
import { formatBytes, formatDuration } from '../platform/quantities.ts'
import type { ExpectedNode, Limits } from './expected.ts'
import type { SlotFacts } from './facts.ts'
import { worst } from './worst.ts'

const name = 'slot'

/** How a slot is judged. */
export interface SlotJudgement {
  /** The replica that it is for; undefined for a slot that the definition does not know. */
  node: ExpectedNode | undefined
  primary: string
  /** How long it has been without its standby, as far as anybody knows. */
  inactiveSeconds: number
  /** Age in transactions at which the server becomes urgent about old rows. */
  freezeMaxAge: number
  limits: Limits
}

/** A slot that a replica needs and the primary does not have. */
export function missingSlot(node: ExpectedNode, primary: string, known: readonly SlotFacts[]): Finding {
  const names = known.map((slot) => slot.name).join(', ')
  return fail(
    name,
    `${primary} has no such slot; it has ${names || 'none'}`,
    `On ${primary} run: SELECT pg_create_physical_replication_slot('${node.slot}', true); and on ${node.name} set primary_slot_name. Or correct ${node.path}.slot in the definition.`,
  )
}

/** Whether a slot can still feed its standby, and whether it holds back more than it may. */
export function slotFinding(slot: SlotFacts, judgement: SlotJudgement): Finding {
  const { retainedBytes, safeWalBytes, active } = slot
  const left = safeWalBytes === null ? '' : `, ${formatBytes(Math.max(0, safeWalBytes))} until it is given up`
  const holds = retainedBytes === null ? 'holds no WAL' : `holds ${formatBytes(retainedBytes)} of WAL`
  const well = ok(name, `${active ? 'in use' : 'not in use'}, ${holds}${left}`)
  // What a lost slot says of itself is NULL throughout, which no limit would ever catch.
  if (slot.walStatus === 'lost') return lostSlot(slot, judgement)
  return worst(
    [
      unusable(slot, judgement),
      tooMuchWal(slot, judgement),
      inactive(slot, judgement),
      unreserved(slot, judgement),
      oldRows(slot, judgement),
    ],
    well,
  )
}

function lostSlot({ name: slot, invalidation }: SlotFacts, { node, primary }: SlotJudgement): Finding {
  const why = invalidation === null ? '' : ` (${invalidation})`
  const drop = `SELECT pg_drop_replication_slot('${slot}')`
  if (node === undefined) return warn(name, `lost${why}: it is of no use any more`, `On ${primary} run: ${drop}`)
  const fix = `${node.name} cannot go on from here unless an archive has the WAL. On ${primary} run ${drop}, then make ${node.name} anew with pg_basebackup --create-slot --slot ${slot}.`
  return fail(name, `lost${why}: the WAL that its standby needs is gone`, fix)
}

function unusable({ type, retainedBytes, name: slot }: SlotFacts, { node, primary }: SlotJudgement): Finding | undefined {
  if (node === undefined) return undefined
  if (type !== 'physical') {
    return fail(
      name,
      `is a ${type} slot, which no standby can use`,
      `Correct ${node.path}.slot in the definition: ${slot} is something else.`,
    )
  }
  if (retainedBytes !== null) return undefined
  const fix = `Set primary_slot_name = '${slot}' on ${node.name}; until then ${primary} may remove WAL that it needs.`
  return fail(name, 'holds no WAL: nobody has ever used it', fix)
}

function tooMuchWal({ retainedBytes, active }: SlotFacts, { node, primary, limits }: SlotJudgement): Finding | undefined {
  if (retainedBytes === null || retainedBytes <= limits.maxSlotWalBytes) return undefined
  const fix = active
    ? `Find out why its reader is so far behind; the disk of ${primary} fills meanwhile.`
    : `Bring ${node?.name ?? 'its reader'} back, or drop the slot before the disk of ${primary} is full.`
  return fail(name, `holds ${formatBytes(retainedBytes)} of WAL; at most ${formatBytes(limits.maxSlotWalBytes)}`, fix)
}

function inactive(
  { active, name: slot }: SlotFacts,
  { node, primary, inactiveSeconds, limits }: SlotJudgement,
): Finding | undefined {
  if (active) return undefined
  const { maxSlotInactiveSeconds } = limits
  const isLong = inactiveSeconds > maxSlotInactiveSeconds
  const finding = `not in use, seen so for ${formatDuration(inactiveSeconds)}; at most ${formatDuration(maxSlotInactiveSeconds)}`
  if (node !== undefined) return (isLong ? fail : warn)(name, finding, `Bring ${node.name} back: ${primary} keeps WAL for it.`)
  if (!isLong) return undefined
  const fix = `The definition does not know it. If nobody will come back for it, on ${primary} run: SELECT pg_drop_replication_slot('${slot}')`
  return warn(name, finding, fix)
}

function unreserved({ walStatus }: SlotFacts, { node, primary }: SlotJudgement): Finding | undefined {
  if (walStatus !== 'unreserved') return undefined
  const fix = `${node?.name ?? 'Its reader'} must catch up at once: with the next checkpoint ${primary} may remove what it needs.`
  return warn(name, 'unreserved: it holds more WAL than max_slot_wal_keep_size allows', fix)
}

function oldRows({ xminAge }: SlotFacts, { node, freezeMaxAge }: SlotJudgement): Finding | undefined {
  if (xminAge === null || xminAge <= freezeMaxAge / 2) return undefined
  const finding = `keeps rows of ${xminAge.toLocaleString('en-US')} transactions ago; the server becomes urgent at ${freezeMaxAge.toLocaleString('en-US')}`
  const fix = `Find the old transaction on ${node?.name ?? 'the side that reads from it'}, or drop the slot: VACUUM cannot remove anything newer.`
  return (xminAge > freezeMaxAge ? fail : warn)(name, finding, fix)
}
