import type { TemplateChange } from '../../packer/write.ts'

const done = { new: 'written', changed: 'written', removed: 'removed' } as const
const found = { new: 'is missing', changed: 'differs', removed: 'is left over' } as const

/** One line per file that changes or differs, and how many do not. */
export function templateChangesText(changes: readonly TemplateChange[], check: boolean): string {
  const words = check ? found : done
  const lines = changes.flatMap(({ path, change }) => (change === 'same' ? [] : [`${path}: ${words[change]}\n`]))
  return `${lines.join('')}${changes.length - lines.length} of ${changes.length} files ${check ? 'are' : 'were'} as rendered\n`
}
