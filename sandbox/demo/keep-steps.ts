import type { SetAddress } from '../../functions/archive/keys.ts'
import { copySets } from '../../functions/copies/copy.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { prune } from '../../functions/retention/prune.ts'
import { cluster, type DemoScene } from './scene.ts'

/** Sends the set to a second store, and reads every object back. */
export async function copyElsewhere({ store, copyStore, signal }: DemoScene, address: SetAddress): Promise<string> {
  const target = { name: storeLocation(copyStore), settings: async () => copyStore }
  const [result] = await copySets({
    ...{ source: store, targets: [target], wanted: { only: address }, signal, dryRun: false },
    filter: { cluster, database: address.database },
  })
  const [step] = result?.steps ?? []
  const failure = result?.failure ?? step?.failure
  if (failure !== undefined) throw failure
  if (step?.copied === undefined) throw new Error('the set was not copied')
  const { sentObjects, comparedObjects, comparedBytes } = step.copied
  const megabytes = (comparedBytes / 1e6).toFixed(1)
  return `${sentObjects} objects sent to ${target.name}; ${comparedObjects} read back and equal (${megabytes} MB)`
}

/** What retention would do with the sets there are, set by set, with its reasons. */
export async function planPrune({ store: settings, signal }: DemoScene): Promise<string> {
  const store = openStore(settings)
  try {
    const policy = { keep: { last: 1 }, floor: 1, timeZone: 'UTC' }
    const { sets } = await prune(store, { filter: { cluster }, policy, dryRun: true, signal })
    const removed = sets.filter(({ remove }) => remove)
    if (removed.length !== 1 || sets.length !== 2) throw new Error('the plan was to delete one of two sets')
    const lines = sets.map(({ address, remove, reasons }) => {
      return `${remove ? 'would delete' : 'keep'} ${address.set.slice(0, 18)}: ${reasons.join('; ')}`
    })
    return lines.join('; ')
  } finally {
    store.close()
  }
}
