import { refuseArchived } from '../archive/archived-files.ts'
import { digestShareOf } from '../archive/digest-ages.ts'
import type { SetAddress } from '../archive/keys.ts'
import type { Manifest } from '../archive/manifest.ts'
import type { AgeIdentity } from '../platform/encryption/age-identity.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import type { RestoreProgress } from '../restore/restore.ts'
import { compareRestored } from './compare.ts'
import { findingOf } from './damage.ts'
import { type DigestPlan, planDigests, type SampleRule } from './digests/plan-digests.ts'
import { evidenceOf } from './evidence-of.ts'
import { Findings } from './findings.ts'
import { nothingCompared, sampledNote, type VerifyReport } from './report.ts'
import { withRestored } from './restored-set.ts'
import { checkSet } from './set-check.ts'
import { storeEvidence } from './store-evidence.ts'

export interface VerifyOptions {
  store: StoreSettings
  address: SetAddress
  /** Opens the set where it is encrypted. */
  identity?: AgeIdentity
  /** Restore into a new database of this server, dropped afterwards, instead of into a scratch server. */
  target?: ConnectionSettings
  /** Workers that load and read rows, and parallel index builds. */
  jobs: number
  /** Whether pg_amcheck walks the restored indexes; it does where this is left out. What is not done is said in the report. */
  amcheck?: boolean
  /** How much of the rows is compared by digest; all where it is left out. Of every table the rows are counted. */
  sample?: SampleRule
  /** Where to look for stock tools (PATH, BALLAST_PG_BIN), and for BALLAST_SCRATCH_DIR. */
  env: NodeJS.ProcessEnv
  signal?: AbortSignal
  onProgress?: (progress: VerifyProgress) => void
}

export interface VerifyProgress {
  phase: RestoreProgress['phase'] | 'check' | 'compare'
  /** COPY text loaded or read back in this phase, and all of it. */
  doneBytes: number
  totalBytes: number
}

/**
 * Proves that a set restores, and restores to what the source held: restores it and compares everything that came back
 * with what the backup recorded, then stores the evidence beside the set. What is wrong with the set is a finding; what
 * keeps from finding out (space, tools, network) is a Failure, which claims nothing and leaves no evidence.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const store = openStore(options.store)
  try {
    return await verifyIn(store, options)
  } finally {
    store.close()
  }
}

async function verifyIn(store: ObjectStore, options: VerifyOptions): Promise<VerifyReport> {
  const { address, signal } = options
  const startedMs = Date.now()
  const findings = new Findings()
  const seconds = new Stopwatch()
  options.onProgress?.({ phase: 'check', doneBytes: 0, totalBytes: 0 })
  const { manifest, manifestSha256, notes } = await checkSet(store, address, findings, signal)
  seconds.lap('check')
  const report: VerifyReport = {
    address,
    equal: false,
    findings: findings.list,
    findingsTotal: 0,
    notChecked: [],
    notes,
    compared: { ...nothingCompared },
    secondsByPhase: seconds.laps,
  }
  let plan: DigestPlan | undefined
  if (manifest !== undefined && findings.total === 0) {
    await refuseArchived(store, address, signal)
    plan = await planned(store, manifest, options, startedMs)
    if (plan !== undefined) {
      report.sampled = digestShareOf(plan.digests)
      notes.push(sampledNote(report.sampled))
    }
    await restoreAndCompare(store, manifest, options, { plan, report, findings, seconds })
  }
  report.findingsTotal = findings.total
  report.equal = findings.total === 0 && report.notChecked.length === 0
  if (report.equal || findings.total > 0) {
    const evidence = evidenceOf(report, { startedMs, manifestSha256, ...(plan && { digests: plan.digests }) })
    report.evidence = await storeEvidence(store, address, evidence, signal)
  }
  return report
}

/** Undefined where everything is compared by digest. */
async function planned(
  store: ObjectStore,
  { tables }: Manifest,
  { address, sample, signal }: VerifyOptions,
  nowMs: number,
): Promise<DigestPlan | undefined> {
  if (sample === undefined || sample.sharePercent >= 100) return undefined
  return await planDigests(store, address, tables, sample, { nowMs, ...(signal && { signal }) })
}

/** What a verification goes by, and what it fills in. */
interface Verification {
  plan: DigestPlan | undefined
  report: VerifyReport
  findings: Findings
  seconds: Stopwatch
}

async function restoreAndCompare(
  store: ObjectStore,
  manifest: Manifest,
  options: VerifyOptions,
  { plan, report, findings, seconds }: Verification,
): Promise<void> {
  const { amcheck, signal, onProgress } = options
  const totalBytes = plan?.digests.rawBytes ?? manifest.summary.rawBytes
  let doneBytes = 0
  const onRead = (bytes: number): void => {
    doneBytes += bytes
    onProgress?.({ phase: 'compare', doneBytes, totalBytes })
  }
  const set = { manifest, store, storeSettings: options.store }
  let restoring = true
  try {
    await withRestored({ ...options, ...set }, async (restored) => {
      restoring = false
      seconds.lap('restore')
      onProgress?.({ phase: 'compare', doneBytes, totalBytes })
      report.restoredInto = { kind: restored.kind, serverVersion: restored.serverVersion, tools: restored.tools.version }
      const comparing = { onRead, ...(amcheck === undefined ? {} : { amcheck }), ...(signal && { signal }) }
      const digests = plan && { digests: plan.chosen }
      const { compared, notChecked, notes } = await compareRestored(restored, findings, { ...comparing, ...digests })
      report.compared = { ...compared, files: manifest.files.length + manifest.units.length }
      report.notChecked.push(...notChecked)
      report.notes.push(...restored.notes, ...notes)
      seconds.lap('compare')
    })
    seconds.lap('clean-up')
  } catch (error) {
    const finding = findingOf(error, options.address, restoring)
    if (finding === undefined) throw error
    findings.add(finding.subject, finding.problem)
  }
}

/** Seconds of one phase after another. */
class Stopwatch {
  readonly laps: Record<string, number> = {}
  #lastMs = performance.now()

  lap(phase: string): void {
    const nowMs = performance.now()
    this.laps[phase] = (nowMs - this.#lastMs) / 1000
    this.#lastMs = nowMs
  }
}
