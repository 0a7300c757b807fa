import type { Cluster } from '../../config/cluster.ts'
import type { CopyTarget } from '../../functions/copies/copy.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import type { ProviderName, StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { parseStoreUrl } from '../../functions/platform/object-store/store-url.ts'
import { definedStore, type StoreChoice, storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import type { StoreOptions } from '../options.ts'
import { configFailure } from './config-failure.ts'
import { chooseStore, withRecipients } from './store-choice.ts'

/** Where copies come from and go to, as options name it. */
export interface CopyStoreOptions extends StoreOptions {
  from?: string
  to: string[]
  toEndpoint?: string
  toRegion?: string
  toProvider?: ProviderName
  toProfile?: string
  toAgeRecipient: string[]
}

/**
 * The store to copy from: --from or --store, else the definition's first.
 *
 * @throws Failure of kind `config` unless the choice is clear.
 */
export function copySource(options: CopyStoreOptions, definition: Cluster | undefined, env: NodeJS.ProcessEnv): StoreChoice {
  const { from, store } = options
  if (from !== undefined && store !== undefined) {
    throw configFailure('--from and --store both name the source', '--from', 'Give one of them.')
  }
  return chooseStore({ ...options, ...(from === undefined ? {} : { store: from }) }, definition, env)
}

/**
 * The stores to copy to: those that --to names, else those of the definition's `backup.copies.to`, without the source.
 *
 * @throws Failure of kind `config` when there is none, or one is the source itself.
 */
export function copyTargets(
  options: CopyStoreOptions,
  source: StoreChoice,
  definition: Cluster | undefined,
  env: NodeJS.ProcessEnv,
): CopyTarget[] {
  const choices = options.to.length > 0 ? givenTargets(options, definition, env) : definedTargets(source, definition)
  const same = choices.find(({ settings }) => isSamePlace(settings, source.settings))
  if (same !== undefined) {
    throw configFailure(
      'the target is the source itself',
      nameOf(same),
      'Name another store with --to, or another source with --from.',
    )
  }
  return choices.map((choice) => ({ name: nameOf(choice), settings: () => storeSettings(choice, env) }))
}

function givenTargets(options: CopyStoreOptions, definition: Cluster | undefined, env: NodeJS.ProcessEnv): StoreChoice[] {
  const { toEndpoint, toRegion, toProvider, toProfile, toAgeRecipient } = options
  const url = {
    ...(toEndpoint === undefined ? {} : { endpoint: toEndpoint }),
    ...(toRegion === undefined ? {} : { region: toRegion }),
    ...(toProvider === undefined ? {} : { provider: toProvider }),
    ...(toProfile === undefined ? {} : { awsProfile: toProfile }),
  }
  const [ignored] = [...Object.keys(url), ...toAgeRecipient]
  if (ignored !== undefined && !options.to.some((store) => store.includes(':'))) {
    const fix = 'Change the definition, or name the target by its URL with --to.'
    throw configFailure("an option of the target's URL is given, and no target is named by a URL", '--to', fix)
  }
  return options.to.map((store) => {
    if (!store.includes(':')) return chooseStore({ store }, definition, env)
    return withRecipients({ settings: parseStoreUrl(store, env, url) }, toAgeRecipient, '--to-age-recipient')
  })
}

function definedTargets(source: StoreChoice, definition: Cluster | undefined): StoreChoice[] {
  if (definition === undefined) {
    const hint = 'Give --to s3://bucket/prefix or --to file:///directory, or a definition with --config.'
    throw configFailure('no store to copy to is named, and there is no definition', '--to', hint)
  }
  const { stores, copies } = definition.backup
  const choices = stores.filter(({ name }) => copies.to.includes(name)).map(definedStore)
  const others = choices.filter(({ settings }) => !isSamePlace(settings, source.settings))
  if (others.length > 0) return others
  const hint = 'Add a second store to backup.stores, or name one with --to.'
  throw configFailure('the definition has no other store to copy to', 'backup.stores', hint)
}

function isSamePlace(a: StoreSettings, b: StoreSettings): boolean {
  const endpoint = (settings: StoreSettings) => (settings.type === 's3' ? settings.endpoint : undefined)
  return storeLocation(a) === storeLocation(b) && endpoint(a) === endpoint(b)
}

function nameOf({ name, settings }: StoreChoice): string {
  return name ?? storeLocation(settings)
}
