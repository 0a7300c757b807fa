import type { Outcome } from '../../functions/platform/outcome.ts'
import type { TemplateChange } from '../../packer/write.ts'

const NAMED = 3

/** What rendering changed; with `check`, a file that is not as rendered is not well. */
export function templatesOutcome(cluster: string, changes: readonly TemplateChange[], check: boolean): Outcome {
  const different = changes.filter(({ change }) => change !== 'same')
  const unwell = check && different.length > 0
  return {
    ...{ operation: 'images render', subject: cluster, ok: !unwell },
    ...(unwell
      ? {
          failure: {
            kind: 'unwell' as const,
            message: `${someNames(different.map(({ path }) => path))}: not what the definition makes`,
            hint: 'Run `ballast images render`, and look at what it changed.',
          },
        }
      : {}),
    numbers: { files: changes.length, changedFiles: different.length },
    details: { changes: different },
  }
}

function someNames(paths: readonly string[]): string {
  const rest = paths.length - NAMED
  return `${paths.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
