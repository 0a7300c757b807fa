import { setTimeout as sleep } from 'node:timers/promises'
import { mapConcurrently } from '../../archive/concurrent-map.ts'
import type { Manifest } from '../../archive/manifest.ts'
import { listFiles, readManifest } from '../../archive/read-set.ts'
import type { RunState } from '../../archive/run-state.ts'
import { parseSetName } from '../../archive/set-name.ts'
import { throwIfAborted } from '../../platform/abort.ts'
import { Failure } from '../../platform/failure.ts'
import { assembleManifest } from '../assemble.ts'
import type { TaskResult } from '../copy-unit.ts'
import { publish } from '../publish.ts'
import { settleSlot, slotDone } from '../slot-claim.ts'
import { resultReaders } from './pace.ts'
import { type RunPlan, readPlan } from './plan-document.ts'
import { type DumpResult, dumpProducts, taskProduct } from './products.ts'
import { reconcile } from './reconcile.ts'
import { breakChain, markPublished, release } from './relay.ts'
import { readResult } from './results.ts'
import { changeState, notHeld, type RunPlace, readState } from './run-store.ts'
import { lost } from './snapshot-session.ts'

/** A renewal that is under way may have asked its session before all was stored; the one after it has not. */
const renewalsOfProof = 2
/** A holder that does not renew for so many times as long as it has between two renewals is gone. */
const renewalsOfLife = 12
const namedProblems = 10

/**
 * Makes the set exist, when all of the plan is stored and the snapshot was held without a break until it was. Called again, it goes
 * on where it was interrupted.
 *
 * @throws Failure `permanent` with code `Incomplete` that names what is missing, with code `SlotDone` when another set is that of the
 * slot; or that of a chain that is broken.
 */
export async function finish(place: RunPlace): Promise<{ manifest: Manifest; state: RunState }> {
  const { store, address, signal } = place
  const before = await readState(place)
  const settled = await settleSlot(store, address, runOf(place), signal)
  if (settled !== undefined && settled.address.set !== address.set) throw slotIsDone(place, settled.address.set)
  if (settled !== undefined) return { manifest: await readManifest(store, address, signal), state: await published(place) }
  const { plan } = before
  if (plan === undefined) throw notHeld(before, address)
  const all = await readPlan({ ...place, plan })
  const content = await readContent(place, all)
  const state = before.state === 'released' ? before : await proveHeld(place, before)
  const manifest = manifestOf(place, all, content, state)
  await publish(manifest, address, store, { slotRun: runOf(place), signal })
  return { manifest, state: await published(place) }
}

/** The part of the set's name that says which slot it is for. */
export function runOf({ address }: Pick<RunPlace, 'address'>): string {
  const name = parseSetName(address.set)
  if (name === undefined) throw new RangeError(`${address.set} is no set's name`)
  return name.run
}

interface StoredContent {
  rows: TaskResult[]
  schema: DumpResult
  globals: DumpResult
}

/** All results, once they are what was planned and what the store holds. */
async function readContent(place: RunPlace, { taskList, settings }: RunPlan): Promise<StoredContent> {
  const name = { address: place.address, settings }
  const { schema, globals } = dumpProducts(name)
  const numbered = taskList.map((task, number) => ({ task, number }))
  const results = await mapConcurrently(numbered, resultReaders, ({ task, number }) =>
    readResult(place, taskProduct(name, number, task)),
  )
  const dumps = { schema: await readResult(place, schema), globals: await readResult(place, globals) }
  const files = await listFiles(place.store, place.address, place.signal)
  const problems = reconcile({ tasks: taskList, results, ...dumps, files, encrypted: settings.ageRecipients.length > 0 })
  if (problems.length > 0 || dumps.schema === undefined || dumps.globals === undefined) throw incomplete(place, problems)
  return { rows: results.filter((result) => result !== undefined), schema: dumps.schema, globals: dumps.globals }
}

/**
 * Waits until the holder has proven that its session lives, after all was stored, and releases it. What was stored before is then
 * from a snapshot and under locks that were never let go.
 */
async function proveHeld(place: RunPlace, before: RunState): Promise<RunState> {
  const { signal, address } = place
  let state = before
  let seenMs = performance.now()
  while (state.state === 'held' && state.renewals < before.renewals + renewalsOfProof) {
    await sleep(state.renewMs / 2, undefined, { signal }).catch(() => undefined)
    throwIfAborted(signal, address.database)
    const now = await readState(place)
    if (now.renewals !== state.renewals || now.generation !== state.generation) seenMs = performance.now()
    else if (performance.now() - seenMs > renewalsOfLife * state.renewMs) return await giveUp(place, state)
    state = now
  }
  const { state: released, changed } = await changeState(place, release(Date.now()))
  if (!changed) throw notHeld(released, address)
  return released
}

async function giveUp(place: RunPlace, { generation }: RunState): Promise<never> {
  const { kind, message, hint, code } = lost('its holder has not been heard of since all was stored')
  const { state } = await changeState(place, breakChain({ kind, message, hint, ...(code && { code }) }, generation))
  throw notHeld(state, place.address)
}

/** The same bytes however often it is asked: the times are those of the run's state. */
function manifestOf({ address }: RunPlace, plan: RunPlan, content: StoredContent, state: RunState): Manifest {
  const { startedMs, heldSinceMs = startedMs, finishedMs = startedMs } = state
  const { identity, tableList, sequenceList, database, omitted, versionNum, settings, taskList } = plan
  return assembleManifest({
    ...{ address, startedMs, finishedMs, tasks: taskList, ...content, recipients: settings.ageRecipients },
    source: { identity, tables: tableList, sequences: sequenceList, database, omitted, session: { versionNum } },
    tools: { version: content.schema.toolVersion },
    secondsByPhase: { hold: (heldSinceMs - startedMs) / 1000, copy: (finishedMs - heldSinceMs) / 1000 },
  })
}

async function published(place: RunPlace): Promise<RunState> {
  return (await changeState(place, markPublished)).state
}

function incomplete({ address }: RunPlace, problems: readonly string[]): Failure {
  const named = problems.slice(0, namedProblems).join('; ')
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : ''
  return new Failure(`the set is not whole: ${named}${more}`, {
    ...{ kind: 'permanent', subject: `run ${address.set}`, code: 'Incomplete' },
    hint: 'Nothing was published. See the log of the step `copy` for what failed, and of `describe`; the next slot makes a run of its own.',
  })
}

function slotIsDone({ address }: RunPlace, other: string): Failure {
  return new Failure(`another run has done this slot in the meantime: ${other}`, {
    ...{ kind: 'permanent', subject: `run ${address.set}`, code: slotDone },
    hint: 'Nothing: the backup of this slot exists. What this run stored is no backup, and is removed.',
  })
}
