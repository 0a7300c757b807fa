import type { ImagePruneResult, PrunedImage } from '../../functions/images/prune/prune.ts'
import { worstFailure } from '../../functions/platform/combine-outcomes.ts'
import { failedOutcome, type Outcome } from '../../functions/platform/outcome.ts'

/** What became of the images, or would. */
export function imagePruneOutcome(location: string, { images, unseen }: ImagePruneResult, dryRun: boolean): Outcome {
  const having = (outcome: PrunedImage['outcome']): number => images.filter((image) => image.outcome === outcome).length
  const failures = images.flatMap((image) =>
    image.outcome === 'failed' ? [failedOutcome('images prune', image.image.name, image.failure)] : [],
  )
  const failure = worstFailure(failures)
  return {
    ...{ operation: 'images prune', subject: location, ok: failure === undefined },
    ...(failure === undefined ? {} : { failure }),
    numbers: {
      ...{ dryRun, keptImages: having('kept'), plannedImages: images.filter(({ remove }) => remove).length },
      ...{ removedImages: having('removed'), lockedImages: having('locked'), failedImages: having('failed') },
      manualImages: having('manual'),
    },
    details: { images: images.map(detail), notLookedAt: unseen },
  }
}

function detail(pruned: PrunedImage): object {
  const { image, outcome, reason } = pruned
  const { builder, name, role, state, createdMs, copies } = image
  return {
    ...{ builder, name, role, state, copies, outcome, reason },
    ...(createdMs === undefined ? {} : { createdAt: new Date(createdMs).toISOString() }),
    ...(pruned.outcome === 'manual' ? { command: pruned.command } : {}),
    ...(pruned.outcome === 'failed' ? { failure: pruned.failure.message } : {}),
  }
}
