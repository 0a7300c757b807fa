import { Failure } from '../../platform/failure.ts'
import type { Origin } from '../image-facts.ts'
import type { ImageManifest } from '../image-manifest.ts'
import { failedChecks, type TestReport } from '../test-report.ts'

/** The definition that is published from. */
export interface Definition {
  cluster: string
  /** Its whole hash. */
  hash: string
}

/** At most so many failed checks are named in one error. */
const namedChecks = 3

/**
 * Refuses an image whose report does not speak for it, or that is not of this definition.
 *
 * @throws Failure `permanent`; its code says which of the conditions is not met.
 */
export function refuseUnfit({ name, origin }: ImageManifest, report: TestReport, definition: Definition): void {
  const other = differentField(report.origin, origin)
  if (other !== undefined) {
    const [field, tested, baked] = other
    throw unfit('OtherOrigin', name, `its tests were of ${field} ${tested}, and it was baked from ${field} ${baked}`)
  }
  refuseOtherDefinition(name, origin, definition)
  refuseUncommitted(name, origin.commit)
  refuseFailed(name, report)
}

/** Refuses an image of another cluster, or of an earlier or later definition of this one. */
export function refuseOtherDefinition(name: string, { cluster, definition }: Origin, now: Definition): void {
  if (cluster !== now.cluster) {
    throw unfit('OtherCluster', name, `it is an image of the cluster ${cluster}, and the definition is of ${now.cluster}`)
  }
  if (now.hash.startsWith(definition)) return
  const hashes = `it was baked from the definition ${definition}, and this one is ${now.hash.slice(0, definition.length)}`
  throw unfit('OtherDefinition', name, hashes, 'Publish from the definition that it was baked from, or bake it again.')
}

/** Nobody could say later what such an image was made from. */
export function refuseUncommitted(name: string, commit: string): void {
  if (!commit.endsWith('-dirty')) return
  const hint = 'Commit the changes, then bake and test the image again.'
  throw unfit('Uncommitted', name, `it was baked from files that no commit has (${commit})`, hint)
}

/** Refuses a report with a failed check, or without a suite that every image goes through. */
export function refuseFailed(name: string, report: TestReport): void {
  const failed = failedChecks(report)
  if (failed.length === 0) return
  const some = failed.slice(0, namedChecks).map(({ suite, name: check, detail }) => `${suite}: ${check} (${detail})`)
  const rest = failed.length > namedChecks ? ` and ${failed.length - namedChecks} more` : ''
  const hint = 'Mend what the checks found, then bake and test the image again.'
  throw unfit('FailedChecks', name, `its tests did not pass: ${some.join('; ')}${rest}`, hint)
}

function differentField(tested: Origin, baked: Origin): [field: string, tested: string, baked: string] | undefined {
  for (const field of ['cluster', 'role', 'builder', 'definition', 'commit'] as const) {
    if (tested[field] !== baked[field]) return [field, tested[field], baked[field]]
  }
  return undefined
}

function unfit(code: string, subject: string, why: string, hint = 'Run `ballast images test` on it.'): Failure {
  return new Failure(`the image is not published: ${why}`, { kind: 'permanent', subject, code, hint })
}
