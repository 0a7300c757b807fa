import { resolve } from 'node:path'
import { testImages } from '../../functions/images/test-images.ts'
import { failedChecks, type TestReport } from '../../functions/images/test-report.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { requireDefinition } from '../settings/definition.ts'
import { plural } from '../terminal/format.ts'

/** Tests baked images, and leaves a report beside each. */
export async function testBakedImages(
  directories: readonly string[],
  { config }: { config?: string },
  { signal, target, note }: CommandContext,
): Promise<CommandResult> {
  const cluster = await requireDefinition(config)
  target(cluster.name)
  const paths = directories.map((directory) => resolve(directory))
  const reports = await testImages({ cluster, directories: paths, env: process.env, signal, say: note })
  const text = reports.map((report) => `${report.image.file}: ${verdictOf(report)}\n`).join('')
  return { outcome: outcomeOf(cluster.name, reports), text }
}

function verdictOf(report: TestReport): string {
  const failed = failedChecks(report)
  if (failed.length === 0) return `${plural(report.checks.length, 'check')} passed`
  return [`${plural(failed.length, 'check')} failed:`, ...failed.map(({ name, detail }) => `${name}: ${detail}`)].join('\n  ')
}

function outcomeOf(subject: string, reports: readonly TestReport[]): Outcome {
  const failed = reports.flatMap(failedChecks)
  const names = [...new Set(failed.map(({ name }) => name))].join(', ')
  const hint = 'Read what each of them found above; the report beside the disk has it too.'
  return {
    ...{ operation: 'images test', subject, ok: failed.length === 0 },
    ...(failed.length === 0 ? {} : { failure: { kind: 'unwell', message: `checks failed: ${names}`, hint } }),
    numbers: { images: reports.length, checks: reports.flatMap(({ checks }) => checks).length, checksFailed: failed.length },
    details: { reports },
  }
}
