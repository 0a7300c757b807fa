import type { Manifest } from '../archive/manifest.ts'
import { AgeIdentity } from '../platform/encryption/age-identity.ts'
import { openStore } from '../platform/object-store/open-store.ts'
import type { StoreSettings } from '../platform/object-store/settings.ts'
import { serveWorkers, type ThreadContext } from '../platform/workers/serve-workers.ts'
import type { LoadTask } from './load-unit.ts'
import { type LoadWork, openLoadWorker } from './load-worker.ts'
import { openContents } from './set-contents.ts'

/** Everything that a load worker is made with, as plain data. */
export interface LoadSetup extends Omit<LoadWork, 'contents' | keyof ThreadContext> {
  store: StoreSettings
  /** Of the manifest: what the files are. */
  stored: Pick<Manifest, 'encryption' | 'files' | 'units'>
  /** What opens an encrypted set, as text; undefined where nothing was given. */
  identity: string | undefined
}

serveWorkers<LoadSetup, LoadTask, void>(({ store, stored, identity, ...setup }, context) => {
  const opened = identity === undefined ? undefined : AgeIdentity.parse(identity, 'the identity')
  const contents = openContents(openStore(store), setup.address, stored, opened)
  return async () => await openLoadWorker({ ...setup, ...context, contents: await contents })
})
