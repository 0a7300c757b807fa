import { providerProfile } from './profiles.ts'
import type { StoreSettings } from './settings.ts'

/**
 * Whether of two conditional writes at one instant only one can succeed. Elsewhere both may: a store that does not enforce
 * conditions, or that looks first and stores then.
 */
export function conditionsAreAtomic(settings: StoreSettings): boolean {
  return settings.type === 'file' || providerProfile(settings).conditionsAtomic
}
