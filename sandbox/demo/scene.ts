import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import type { Sandbox } from '../sandbox.ts'

/** Name that the demo keeps its backups under. */
export const cluster = 'demo'
/** The database that it backs up. */
export const database = 'app'

/** What every step of the demo works with. */
export interface DemoScene {
  sandbox: Sandbox
  /** Where the backups go. */
  store: StoreSettings
  /** Where the damaged copy goes. */
  spareStore: StoreSettings
  /** Where the second copy goes. */
  copyStore: StoreSettings
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}
