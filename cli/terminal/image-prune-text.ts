import { listingCommand } from '../../functions/images/prune/cloud-listing.ts'
import type { ImagePruneResult, PrunedImage } from '../../functions/images/prune/prune.ts'
import { lockText } from '../../functions/retention/prune-outcome.ts'
import { plural } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'
import { type Column, renderTable } from './table.ts'

const columns: readonly Column[] = [
  { heading: '' },
  { heading: 'Image' },
  { heading: 'Builder' },
  { heading: 'State' },
  { heading: 'Why' },
]

/** Every image with what became of it and why, then what is left for the operator to do. */
export function imagePruneText(location: string, { images, unseen }: ImagePruneResult, dryRun: boolean, style: Style): string {
  if (images.length === 0 && unseen.length === 0)
    return `No images in ${location}, and none in the clouds that were looked at.\n`
  const rows = images.map((pruned) => [
    doing(pruned, style),
    pruned.image.name,
    pruned.image.builder,
    pruned.image.state,
    pruned.outcome === 'locked' ? `${pruned.reason}; the store keeps it until ${lockText(pruned.untilMs)}` : pruned.reason,
  ])
  const commands = images.flatMap((pruned) => (pruned.outcome === 'manual' ? [`  ${printable(pruned.command)}\n`] : []))
  const manual = commands.length === 0 ? '' : `\nRemove by hand, with the cloud's own command line:\n${commands.join('')}`
  return `${renderTable(columns, rows)}${summary(images, dryRun)} in ${location}\n${manual}${unseen.map(notLookedAt).join('')}`
}

function doing({ outcome }: PrunedImage, style: Style): string {
  switch (outcome) {
    case 'kept':
      return style.dim('keep')
    case 'planned':
      return style.bad('would remove')
    case 'manual':
      return style.warn('remove by hand')
    case 'removed':
      return style.bad('removed')
    case 'locked':
      return style.warn('locked')
    case 'failed':
      return style.bad('FAILED')
  }
}

function summary(images: readonly PrunedImage[], dryRun: boolean): string {
  const having = (outcome: PrunedImage['outcome']): number => images.filter((image) => image.outcome === outcome).length
  if (dryRun) return `Would remove ${plural(having('planned'), 'image')} and keep ${having('kept')}`
  return `Removed ${plural(having('removed'), 'image')}, kept ${having('kept')}`
}

function notLookedAt(builder: ImagePruneResult['unseen'][number]): string {
  const command = listingCommand(builder)
  const how = command === undefined ? 'EC2 was not asked' : `give --listing ${builder}=FILE, made with: ${command}`
  return `Released images of ${builder} were not looked at, and all stay: ${how}\n`
}
