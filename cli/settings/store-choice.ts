import type { Cluster } from '../../config/cluster.ts'
import type { Failure } from '../../functions/platform/failure.ts'
import type { ServerSideEncryption } from '../../functions/platform/object-store/settings.ts'
import { parseStoreUrl, type StoreUrlOptions } from '../../functions/platform/object-store/store-url.ts'
import type { StoreChoice } from '../../functions/runtime/definition/defined-store.ts'
import { definedStores } from '../../functions/runtime/definition/defined-stores.ts'
import type { StoreOptions } from '../options.ts'
import { configFailure } from './config-failure.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The store that the options name: by URL, or by its name in the definition; without either the definition's first one.
 *
 * @throws Failure of kind `config` when there is none, or what is given contradicts itself.
 */
export function chooseStore(options: StoreOptions, definition: Cluster | undefined, env: Environment): StoreChoice {
  const { store } = options
  if (store?.includes(':')) return { settings: parseStoreUrl(store, env, urlOptions(options)) }
  if (definition === undefined) throw noStore(store)
  const stores = definedStores(definition)
  const named = store === undefined ? stores[0] : stores.find(({ name }) => name === store)
  if (named === undefined) {
    const known = stores.map(({ name }) => name).join(', ')
    throw configFailure(`the definition has no store "${store}"`, store ?? 'stores', `It has: ${known}.`)
  }
  refuseUrlOptions(options, named.name ?? '')
  return named
}

/** Every store of the definition, or the one that --store names. */
export function chooseStores(options: StoreOptions, definition: Cluster | undefined, env: Environment): StoreChoice[] {
  if (options.store !== undefined) return [chooseStore(options, definition, env)]
  return definition === undefined ? [] : definedStores(definition)
}

/** {@link chooseStores} for what works with at least one. @throws Failure of kind `config` when none is named anywhere. */
export function requireStores(options: StoreOptions, definition: Cluster | undefined, env: Environment): StoreChoice[] {
  const chosen = chooseStores(options, definition, env)
  return chosen.length > 0 ? chosen : [chooseStore(options, definition, env)]
}

/** A store named by its URL, with whom its contents are encrypted to; a defined one has that in the definition. */
export function withRecipients(choice: StoreChoice, recipients: readonly string[], option: string): StoreChoice {
  if (recipients.length === 0) return choice
  if (choice.name !== undefined) {
    const fix = "Write ageRecipients into the definition's store, or name another store by its URL."
    throw configFailure(`${option} is given, but the store "${choice.name}" is the definition's`, option, fix)
  }
  return { ...choice, settings: { ...choice.settings, ageRecipients: recipients } }
}

function urlOptions(options: StoreOptions): StoreUrlOptions {
  const { endpoint, region, provider } = options
  const encryption = chosenEncryption(options)
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(provider === undefined ? {} : { provider }),
    ...(encryption === undefined ? {} : { encryption }),
  }
}

function chosenEncryption({ sse, kmsKey }: StoreOptions): ServerSideEncryption | undefined {
  if (kmsKey !== undefined && sse !== 'aws:kms') {
    throw configFailure('--kms-key is given without --sse aws:kms', '--kms-key', 'Add --sse aws:kms, or leave the key out.')
  }
  if (sse === undefined) return undefined
  return sse === 'AES256' ? { type: 'sse-s3' } : { type: 'sse-kms', ...(kmsKey === undefined ? {} : { keyId: kmsKey }) }
}

/** A store of the definition is what the definition says: an option that would be ignored is refused. */
function refuseUrlOptions(options: StoreOptions, name: string): void {
  const given = {
    '--endpoint': options.endpoint,
    '--region': options.region,
    '--provider': options.provider,
    '--sse': options.sse,
  }
  const [option] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (option === undefined && options.kmsKey === undefined) return
  throw configFailure(
    `${option ?? '--kms-key'} is given, but the store "${name}" is the definition's`,
    option ?? '--kms-key',
    'Change the definition, or name another store by its URL with --store.',
  )
}

function noStore(store: string | undefined): Failure {
  const hint = 'Give --store s3://bucket/prefix or --store file:///directory, or a definition with --config.'
  if (store === undefined) return configFailure('no store is named, and there is no definition', '--store', hint)
  return configFailure(`"${store}" is no store URL, and there is no definition that could have such a store`, '--store', hint)
}
