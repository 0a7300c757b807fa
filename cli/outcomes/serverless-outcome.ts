import type { Outcome } from '../../functions/platform/outcome.ts'
import type { RenderedServices } from '../../serverless/render.ts'
import type { ServiceFileChange } from '../serverless/service-files.ts'

/** What rendering changed; with `check`, a file that is not as rendered is not well. */
export function serverlessOutcome(
  cluster: string,
  changes: readonly ServiceFileChange[],
  { functions, outOfReach, noFanOut }: RenderedServices,
  check: boolean,
): Outcome {
  const different = changes.filter(({ change }) => change !== 'same')
  const unwell = check && different.length > 0
  const names = different.map(({ path }) => path).join(', ')
  return {
    ...{ operation: 'serverless render', subject: cluster, ok: !unwell },
    ...(unwell
      ? {
          failure: {
            kind: 'unwell' as const,
            message: `${names}: not what the definition makes`,
            hint: 'Run `ballast serverless render`, and look at what it changed.',
          },
        }
      : {}),
    numbers: { files: changes.length, changedFiles: different.length },
    details: { changes, functions: functions.map(({ operation }) => operation), outOfReach, noFanOut },
  }
}
