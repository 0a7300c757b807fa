import { beforeAll, expect, test } from 'vitest'
import type { ImageManifest } from '../../functions/images/image-manifest.ts'
import { sealChecks } from '../../functions/images/seal/seal-checks.ts'
import { failedChecks, type TestReport } from '../../functions/images/test-report.ts'
import type { ImageRole } from '../../packer/roles.ts'
import { bootReport } from './boot-report.ts'

const megabyte = 1_000_000
const mostBakeSeconds = 360

/** Bakes, boots and judges a role's image; each check that it must pass is a test. */
export function bootCases(role: ImageRole, { checks, mostBytes }: { checks: readonly string[]; mostBytes: number }): void {
  let tested: { code: number | null; report: TestReport; manifest: ImageManifest }
  beforeAll(async () => {
    tested = await bootReport(role)
  })

  test('the report is about this image, nothing in it failed, and so the command ends well', () => {
    expect(failedChecks(tested.report)).toEqual([])
    expect(tested.report.image).toEqual(tested.manifest.image)
    expect(tested.code).toBe(0)
  })

  test.each(checks)('%s', (name) => {
    const found = tested.report.checks.find((check) => check.suite === 'boot' && check.name === name)
    expect(found).toEqual({ suite: 'boot', name, status: 'passed', detail: expect.any(String) })
  })

  test('every boot check is among them, and every seal check was made', () => {
    const names = (suite: string) => tested.report.checks.filter((check) => check.suite === suite).map(({ name }) => name)
    expect(names('boot')).toEqual(checks)
    expect(names('seal')).toEqual(sealChecks.map(({ name }) => name))
    expect(sealChecks.length).toBeGreaterThanOrEqual(25)
  })

  test(`the image is smaller than ${mostBytes / megabyte} MB`, () => {
    expect(tested.manifest.image.bytes).toBeLessThan(mostBytes)
  })

  test(`it was baked within ${mostBakeSeconds} s, its base disk apart`, () => {
    const own = tested.manifest.steps.filter(({ name }) => name !== 'base disk' && !name.includes(':'))
    expect(own.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThan(mostBakeSeconds)
  })
}
