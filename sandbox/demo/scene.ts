import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import type { Sandbox } from '../sandbox.ts'

/** What every step of the demo works with. */
export interface DemoScene {
  sandbox: Sandbox
  /** Where the backups go. */
  store: StoreSettings
  /** Where the damaged copy goes. */
  spareStore: StoreSettings
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}
