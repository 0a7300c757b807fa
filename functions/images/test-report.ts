import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../platform/failure.ts'
import { origin, storedFile } from './image-facts.ts'
import { imageFiles } from './image-files.ts'
import { type DocumentKind, parseDocument, readDocument, serializeDocument } from './read-document.ts'
import { writeDocument } from './write-document.ts'

/** The format of test reports that this version writes, and the only one that it reads. */
export const testReportFormat = 1

const check = z.strictObject({
  /** `seal`: of the mounted disk. `boot`: of guests started from it. `cluster`: of three guests together. */
  suite: z.enum(['seal', 'boot', 'cluster']),
  /** What was looked at: `no host keys`, `tuning at 512 MB and 1 CPU`. */
  name: z.string().min(1),
  status: z.enum(['passed', 'failed']),
  /** What was found: a value with its unit, or what is wrong. Never a secret. */
  detail: z.string(),
})

const testReportSchema = z.strictObject({
  format: z.literal(testReportFormat),
  /** The very bytes that were tested. */
  image: storedFile,
  origin,
  /** Version of Ballast. */
  ballast: z.string().min(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  checks: z.array(check).min(1),
})

/**
 * What tests found of one image, bound to its SHA-256. There is no verdict in it: {@link failedChecks} derives it, so that
 * none can disagree with the checks.
 */
export type TestReport = z.infer<typeof testReportSchema>
export type TestCheck = z.infer<typeof check>

/** Beside every disk that was tested. */
export const testReport: DocumentKind<TestReport> = {
  ...{ what: 'test report', file: imageFiles.testReport, format: testReportFormat, schema: testReportSchema },
  hint: 'Run `ballast images test` on the image, with this version.',
  codes: { missing: 'NoReport', bad: 'BadReport' },
}

/** Suites that every published image has been through. */
const requiredSuites = ['seal', 'boot'] as const

/** The checks that failed, and one for each required suite of which there is none. An image passed when this is empty. */
export function failedChecks({ checks }: TestReport): TestCheck[] {
  const missing = requiredSuites.filter((suite) => !checks.some((done) => done.suite === suite))
  return [
    ...checks.filter(({ status }) => status === 'failed'),
    ...missing.map((suite) => ({ suite, name: 'any check', status: 'failed' as const, detail: 'this suite did not run' })),
  ]
}

/** The bytes of a report; one that breaks the schema is refused by a ZodError. */
export function serializeTestReport(report: TestReport): Uint8Array {
  return serializeDocument(testReport, report)
}

/** Writes the report into the image's directory, whole or not at all; an earlier one is replaced. */
export async function writeTestReport(directory: string, report: TestReport): Promise<void> {
  await writeDocument(join(directory, imageFiles.testReport), serializeTestReport(report))
}

/**
 * Reads a report that must be about the image with this SHA-256.
 *
 * @param subject the image, for errors.
 * @throws Failure `permanent`, with code `BadReport` for what is no report of this format, and `OtherImage` for a report that
 * is about other bytes.
 */
export function parseTestReport(bytes: Uint8Array, subject: string, imageSha256: string): TestReport {
  const report = parseDocument(testReport, bytes, subject)
  if (report.image.sha256 === imageSha256) return report
  const tested = report.image.sha256
  throw new Failure(`the test report is about other bytes: it tested SHA-256 ${tested}, and the image has ${imageSha256}`, {
    kind: 'permanent',
    subject,
    code: 'OtherImage',
    hint: 'The image was changed or baked again after its tests: run `ballast images test` on it.',
  })
}

/**
 * Reads the report in an image's directory.
 *
 * @throws Failure as {@link parseTestReport}, and with code `NoReport` where there is none.
 */
export async function readTestReport(directory: string, subject: string, imageSha256: string): Promise<TestReport> {
  return parseTestReport(await readDocument(testReport, directory, subject), subject, imageSha256)
}
