import { describeDeleting } from './deleting.ts'
import { describeKeys } from './keys.ts'
import { describeListing } from './listing.ts'
import { describePending } from './pending.ts'
import { describePutting } from './putting.ts'
import { describeReading } from './reading.ts'
import { describeReplacing } from './replacing.ts'
import { describeSignals } from './signals.ts'
import type { StoreCase } from './store-case.ts'
import { describeThawing } from './thawing.ts'
import { describeUploading } from './uploading.ts'

/** Everything that an object store promises, whichever adapter keeps it. */
export function describeContract(store: StoreCase): void {
  describePutting(store)
  describeReplacing(store)
  describeUploading(store)
  describeReading(store)
  describeListing(store)
  describeKeys(store)
  describeDeleting(store)
  describePending(store)
  describeThawing(store)
  describeSignals(store)
}
