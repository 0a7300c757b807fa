import { type ListedSet, listSets } from '../archive/catalogue.ts'
import type { SetFilter } from '../archive/catalogue-scan.ts'
import { manifestFile, type SetAddress, setPrefix } from '../archive/keys.ts'
import { listFiles } from '../archive/read-set.ts'
import { throwIfAborted } from '../platform/abort.ts'
import { Failure, toFailure } from '../platform/failure.ts'
import { requireDirectory } from '../platform/object-store/file/require-directory.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { openStartReader } from '../platform/object-store/start-reader.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { type CopyStep, type LeftOutSet, planCopies, type WantedCopies } from './copy-plan.ts'
import { type CopiedSet, type CopyProgress, type CopySetOptions, copySet } from './copy-set.ts'
import { sendEvidence } from './send-evidence.ts'
import type { SetPair } from './send-file.ts'
import { readSourceSet } from './source-set.ts'

/** A store that copies go to. */
export interface CopyTarget {
  /** As people call it: its name in the definition, or where it is. */
  name: string
  /** Its settings; looked up when its turn comes, so that a store without its credentials fails alone. */
  settings(): Promise<StoreSettings>
}

export interface CopyOptions {
  wanted: WantedCopies
  source: StoreSettings
  targets: readonly CopyTarget[]
  filter: SetFilter
  /** Only say what would be done. */
  dryRun: boolean
  signal?: AbortSignal
  /** A set's turn has come. */
  onBegin?: (target: string, address: SetAddress) => void
  onProgress?: (progress: CopyProgress) => void
  /** A set, or with no address a whole target, has failed; the others go on. */
  onFailed?: (target: string, failure: Failure, address?: SetAddress) => void
}

/** What became of a step: `gone` is a set that the source deleted meanwhile, `untried` one that its target no longer got. */
export interface StepResult extends CopyStep {
  outcome: 'planned' | 'copied' | 'gone' | 'failed' | 'untried'
  copied?: CopiedSet
  failure?: Failure
}

export interface TargetResult {
  name: string
  location?: string
  steps: StepResult[]
  leftOut: LeftOutSet[]
  /** The target as a whole could not be worked with. */
  failure?: Failure
}

/** Sets in a row that may fail before a target is given up: what is wrong then is not the sets. */
const patience = 3

/**
 * Brings the targets up to what the source holds: one target after the other, one set after the other, the newest first.
 * Neither a set nor a target that fails stops the rest; the results say which. Throws when the source cannot be listed.
 */
export async function copySets(options: CopyOptions): Promise<TargetResult[]> {
  const { source: settings, targets } = options
  const source = openStore(settings)
  try {
    const listed = await list(source, settings, options)
    const results: TargetResult[] = []
    for (const target of targets) results.push(await copyTo(target, source, listed, options))
    return results
  } finally {
    source.close()
  }
}

async function copyTo(
  { name, settings }: CopyTarget,
  source: ObjectStore,
  listed: readonly ListedSet[],
  options: CopyOptions,
): Promise<TargetResult> {
  const result: TargetResult = { name, steps: [], leftOut: [] }
  let target: ObjectStore | undefined
  try {
    const resolved = await settings()
    target = openStore(resolved)
    result.location = target.location
    const { steps, leftOut } = planCopies(listed, await list(target, resolved, options), options.wanted)
    if ('only' in options.wanted) refuseUnfit(options.wanted.only, listed, leftOut)
    result.leftOut = leftOut
    result.steps = options.dryRun
      ? steps.map((step) => ({ ...step, outcome: 'planned' }))
      : await runSteps(steps, { source, target, recipients: resolved.ageRecipients }, name, options)
  } catch (error) {
    throwIfAborted(options.signal, name)
    result.failure = toFailure(error, name)
    options.onFailed?.(name, result.failure)
  } finally {
    target?.close()
  }
  return result
}

async function runSteps(
  steps: readonly CopyStep[],
  stores: Pick<CopySetOptions, 'source' | 'target' | 'recipients'>,
  name: string,
  options: CopyOptions,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  let failedInARow = 0
  for (const step of steps) {
    if (failedInARow >= patience) {
      results.push({ ...step, outcome: 'untried' })
      continue
    }
    const result = await runStep(step, stores, name, options)
    failedInARow = result.outcome === 'failed' ? failedInARow + 1 : 0
    results.push(result)
  }
  return results
}

async function runStep(
  step: CopyStep,
  stores: Pick<CopySetOptions, 'source' | 'target' | 'recipients'>,
  name: string,
  { wanted, signal, onBegin, onProgress, onFailed }: CopyOptions,
): Promise<StepResult> {
  const { address, action } = step
  const pair: CopySetOptions = { ...stores, address, ...(signal && { signal }) }
  throwIfAborted(signal, name)
  onBegin?.(name, address)
  try {
    const copied = action === 'copy' ? await copySet(pair, (progress) => onProgress?.(progress)) : await copyEvidence(pair)
    return { ...step, outcome: 'copied', copied }
  } catch (error) {
    throwIfAborted(signal, name)
    const gone = await isGone(pair)
    // That one of many is no longer there is no failure; the one that was asked for was to be copied.
    if (gone && !('only' in wanted)) return { ...step, outcome: 'gone' }
    const failure = gone ? noSuchSet(address) : toFailure(error, address.set)
    onFailed?.(name, failure, address)
    return { ...step, outcome: 'failed', failure }
  }
}

async function copyEvidence(pair: SetPair): Promise<CopiedSet> {
  const { source, target, address, signal } = pair
  const set = await readSourceSet(source, address, signal)
  const sentEvidence = await sendEvidence(pair, set, await listFiles(target, address, signal))
  return { sentObjects: 0, sentBytes: 0, comparedObjects: 0, comparedBytes: 0, replaced: [], sentEvidence }
}

/** Retention may delete a set at the source while it is being copied; a source that does not answer has deleted nothing. */
async function isGone({ source, address, signal }: SetPair): Promise<boolean> {
  try {
    return (await source.head(setPrefix(address) + manifestFile, signal)) === undefined
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}

/** The one set that was asked for must not be left out in silence. */
function refuseUnfit(only: SetAddress, listed: readonly ListedSet[], [bad]: readonly LeftOutSet[]): void {
  const isThere = listed.some(({ address, state }) => setPrefix(address) === setPrefix(only) && state !== 'incomplete')
  if (!isThere) throw noSuchSet(only)
  if (bad === undefined) return
  throw new Failure(`set ${bad.address.set} is not copied: ${bad.reason}`, {
    kind: 'permanent',
    subject: bad.address.set,
    hint: 'A copy of it would be no backup either: copy another set, and keep this one for analysis.',
    code: 'DAMAGED',
  })
}

function noSuchSet(address: SetAddress): Failure {
  return new Failure(`there is no complete set ${address.set} to copy`, {
    ...{ kind: 'permanent', subject: setPrefix(address), code: 'NO_SUCH_SET' },
    hint: 'Run `ballast list` for what there is; retention may have deleted it a moment ago.',
  })
}

async function list(store: ObjectStore, settings: StoreSettings, { filter, signal }: CopyOptions): Promise<ListedSet[]> {
  await requireDirectory(settings)
  const reader = openStartReader(store, settings)
  try {
    return await listSets(store, filter, { readStart: reader.read, ...(signal && { signal }) })
  } finally {
    reader.close()
  }
}
