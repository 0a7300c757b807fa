import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  failedChecks,
  parseTestReport,
  readTestReport,
  serializeTestReport,
  type TestCheck,
  type TestReport,
  writeTestReport,
} from '../../../functions/images/test-report.ts'

const imageSha256 = 'a'.repeat(64)
const seal: TestCheck = { suite: 'seal', name: 'no host keys', status: 'passed', detail: 'none' }
const boot: TestCheck = { suite: 'boot', name: 'first query', status: 'passed', detail: '62 s' }

const report: TestReport = {
  format: 1,
  image: { file: 'ballast-shop-primary.qcow2', bytes: 264_000_000, sha256: imageSha256 },
  origin: {
    ...{ cluster: 'shop', role: 'primary', builder: 'qemu' },
    ...{ definition: 'd'.repeat(64), commit: 'c'.repeat(40) },
  },
  ...{ ballast: '0.1.0', startedAt: '2026-11-26T22:00:00.000Z', finishedAt: '2026-11-26T22:05:00.000Z' },
  checks: [seal, boot],
}

const parse = (value: unknown): TestReport => parseTestReport(Buffer.from(JSON.stringify(value)), 'image', imageSha256)

describe('what a report says', () => {
  test('nothing failed where every required suite ran and passed', () => {
    expect(failedChecks(report)).toEqual([])
  })

  test('a failing check and a suite that did not run are both failures', () => {
    const failing: TestCheck = { ...seal, status: 'failed', detail: '3 keys in /etc/ssh' }
    expect(failedChecks({ ...report, checks: [failing] })).toEqual([
      failing,
      { suite: 'boot', name: 'any check', status: 'failed', detail: 'this suite did not run' },
    ])
  })

  test('tests of a whole cluster stand for no test of the image by itself', () => {
    const failed = failedChecks({ ...report, checks: [{ ...boot, suite: 'cluster' }] })
    expect(failed.map(({ suite }) => suite)).toEqual(['seal', 'boot'])
  })
})

describe('reading', () => {
  test('gives back what was written', () => {
    expect(parseTestReport(serializeTestReport(report), 'image', imageSha256)).toEqual(report)
  })

  test.each([
    ['no JSON', '{', 'it is not JSON'],
    ['null', 'null', 'expected object'],
    ['an older format', JSON.stringify({ ...report, format: 0 }), 'it has format 0, and this version reads format 1 alone'],
    ['a later format', JSON.stringify({ ...report, format: 2 }), 'it has format 2, and this version reads format 1 alone'],
    ['no format', JSON.stringify({ ...report, format: undefined }), 'format: '],
    ['no checks', JSON.stringify({ ...report, checks: [] }), 'checks: '],
    ['a stored verdict', JSON.stringify({ ...report, verdict: 'passed' }), '"verdict"'],
    ['a status of its own', JSON.stringify({ ...report, checks: [{ ...seal, status: 'skipped' }] }), 'checks.0.status: '],
    [
      'a digest in capitals',
      JSON.stringify({ ...report, image: { ...report.image, sha256: 'A'.repeat(64) } }),
      'image.sha256: ',
    ],
  ])('refuses %s', (_, text, why) => {
    const read = () => parseTestReport(Buffer.from(text), 'image', imageSha256)
    expect(read).toThrow(expect.objectContaining({ code: 'BadReport', kind: 'permanent', subject: 'image' }))
    expect(read).toThrow(why)
  })

  test('refuses a report about other bytes', () => {
    const read = () => parse({ ...report, image: { ...report.image, sha256: 'b'.repeat(64) } })
    expect(read).toThrow(expect.objectContaining({ code: 'OtherImage' }))
    expect(read).toThrow(`it tested SHA-256 ${'b'.repeat(64)}, and the image has ${imageSha256}`)
  })

  test('nothing that breaks the schema is ever written', () => {
    expect(() => serializeTestReport({ ...report, checks: [] })).toThrow()
  })
})

describe('in the directory of an image', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ballast-report-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  test('is found again, replaces an earlier one and leaves nothing else', async () => {
    await writeTestReport(directory, { ...report, checks: [{ ...seal, status: 'failed' }] })
    await writeTestReport(directory, report)
    expect(await readTestReport(directory, 'image', imageSha256)).toEqual(report)
    expect(await readdir(directory)).toEqual(['test-report.json'])
  })

  test('leaves nothing where it cannot be given its name', async () => {
    await writeFile(join(directory, 'file'), '')
    await expect(writeTestReport(join(directory, 'file'), report)).rejects.toThrow('ENOTDIR')
    expect(await readdir(directory)).toEqual(['file'])
  })

  test('a missing one is said to be missing', async () => {
    await expect(readTestReport(directory, 'image', imageSha256)).rejects.toMatchObject({
      ...{ code: 'NoReport', message: 'the image has no test report', subject: 'image' },
    })
  })
})
