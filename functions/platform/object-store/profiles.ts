import type { ProviderName, S3Settings } from './settings.ts'

/** What the store does with `If-None-Match: *`: refuses an existing key, or nobody can be sure. */
export type ConditionalWrite = 'enforced' | 'uncertain'

/** How one provider's S3 differs from Amazon's. */
export interface ProviderProfile {
  name: ProviderName
  /** Takes and returns `x-amz-checksum-sha256`. Where not, the signed payload hash is what the store checks. */
  newerChecksums: boolean
  /**
   * Storing only what is absent. Where uncertain, the header is sent all the same, but a HEAD goes first: a weaker promise,
   * because two writers may both see nothing.
   */
  conditionalPut: ConditionalWrite
  conditionalComplete: ConditionalWrite
  /** Of two conditional writes at one instant only one can succeed, as the provider itself promises. */
  conditionsAtomic: boolean
  maximumParts: number
  /** All parts but the last must have one size. */
  equalParts: boolean
  /** The bucket goes into the path instead of the host name. */
  pathStyle: boolean
  /** DeleteObjects wants Content-MD5 instead of a newer checksum. */
  deleteWithMd5: boolean
  /** Region to sign for when none was given. */
  defaultRegion?: string
}

const compatible: Omit<ProviderProfile, 'name'> = {
  newerChecksums: false,
  conditionalPut: 'uncertain',
  conditionalComplete: 'uncertain',
  conditionsAtomic: false,
  maximumParts: 10_000,
  equalParts: false,
  pathStyle: true,
  deleteWithMd5: true,
  defaultRegion: 'us-east-1',
}

const profiles: Record<ProviderName, Omit<ProviderProfile, 'name'>> = {
  amazon: {
    newerChecksums: true,
    conditionalPut: 'enforced',
    conditionalComplete: 'enforced',
    conditionsAtomic: true,
    maximumParts: 10_000,
    equalParts: false,
    pathStyle: false,
    deleteWithMd5: false,
  },
  // Ignores If-Match on PUT without a word, so If-None-Match is not trusted either.
  digitalocean: compatible,
  r2: { ...compatible, conditionalPut: 'enforced', equalParts: true, defaultRegion: 'auto' },
  hetzner: { ...compatible, conditionalPut: 'enforced' },
  minio: { ...compatible, newerChecksums: true, conditionalPut: 'enforced', conditionalComplete: 'enforced' },
  // Looks first and stores then, so that two writers at one instant may both succeed; a lookup of ours would add nothing.
  versitygw: { ...compatible, newerChecksums: true, conditionalPut: 'enforced', conditionalComplete: 'enforced' },
  scaleway: { ...compatible, maximumParts: 1000 },
  generic: compatible,
}

const hostSuffixes: readonly [suffix: string, provider: ProviderName][] = [
  ['.amazonaws.com', 'amazon'],
  ['.amazonaws.com.cn', 'amazon'],
  ['.digitaloceanspaces.com', 'digitalocean'],
  ['.r2.cloudflarestorage.com', 'r2'],
  ['.your-objectstorage.com', 'hetzner'],
  ['.scw.cloud', 'scaleway'],
]

/** The provider that a host name belongs to; `generic` when it tells nothing. */
export function guessProvider(endpoint: string | undefined): ProviderName {
  if (endpoint === undefined) return 'amazon'
  const host = new URL(endpoint).hostname
  return hostSuffixes.find(([suffix]) => host.endsWith(suffix))?.[1] ?? 'generic'
}

/** The profile of the named provider, or of the one that the endpoint's host name points to. */
export function providerProfile(settings: Pick<S3Settings, 'provider' | 'endpoint'>): ProviderProfile {
  const name = settings.provider ?? guessProvider(settings.endpoint)
  return { name, ...profiles[name] }
}
