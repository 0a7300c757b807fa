import type { RenderedServices } from '../../serverless/render.ts'
import type { ServiceFileChange } from '../serverless/service-files.ts'
import { printable } from './printable.ts'

const done = { new: 'written', changed: 'written', same: 'unchanged', removed: 'removed' } as const
const found = { new: 'is missing', changed: 'differs', same: 'is as rendered', removed: 'is left over' } as const

/** One line per file, one per store that functions do not reach, and one where backups cannot be fanned out. */
export function serviceFilesText(
  changes: readonly ServiceFileChange[],
  { outOfReach, noFanOut }: RenderedServices,
  check: boolean,
): string {
  const files = changes.map(({ path, change }) => `${path}: ${(check ? found : done)[change]}\n`)
  const stores = outOfReach.map(({ store, reason }) => `store ${store}: ${printable(reason)}\n`)
  const fanOut =
    noFanOut === undefined ? [] : [`fan-out: backups too long for one function are refused: ${printable(noFanOut)}\n`]
  return [...files, ...stores, ...fanOut].join('')
}
