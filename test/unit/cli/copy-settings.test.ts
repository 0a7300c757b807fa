import { describe, expect, test } from 'vitest'
import { type CopyStoreOptions, copySource, copyTargets } from '../../../cli/settings/copy-targets.ts'
import { copyWindow } from '../../../cli/settings/copy-window.ts'
import { defineCluster, env } from '../../../config/index.ts'
import type { CompleteSet } from '../../../functions/archive/catalogue.ts'
import { formatSetName } from '../../../functions/archive/set-name.ts'
import { failureOf } from '../../support/failures.ts'
import { sampleManifest } from '../../support/manifests.ts'
import { address } from '../../support/stored-sets.ts'
import { sample } from '../config/sample.ts'

const stores = [
  { type: 's3', name: 'main', bucket: 'shop-backups' },
  {
    ...{ type: 's3', name: 'far', bucket: 'shop-far', region: 'us-east-1' },
    credentials: { accessKeyId: env('FAR_ID'), secretAccessKey: env('FAR_KEY') },
  },
  { type: 'file', name: 'nas', directory: '/mnt/nas' },
] as const
const definition = defineCluster({
  ...structuredClone(sample),
  allowedRegions: ['us-east-1', 'sa-east-1'],
  backup: { ...sample.backup, stores: [...stores] },
} as unknown as Parameters<typeof defineCluster>[0])
const environment = { FAR_ID: 'ID', FAR_KEY: 'KEY' }

const options = (changed: Partial<CopyStoreOptions> = {}): CopyStoreOptions => ({ to: [], toAgeRecipient: [], ...changed })
const targetsOf = (given: CopyStoreOptions, of: typeof definition | undefined) =>
  copyTargets(given, copySource(given, of, environment), of, environment)
const refusal = (given: CopyStoreOptions, of: typeof definition | undefined) =>
  failureOf(Promise.resolve().then(() => targetsOf(given, of)))

describe('where copies go', () => {
  test('from the first store of the definition to its others, each with credentials of its own', async () => {
    const targets = targetsOf(options(), definition)
    expect(targets.map(({ name }) => name)).toEqual(['far', 'nas'])
    expect(await targets[0]?.settings()).toMatchObject({
      bucket: 'shop-far',
      keyPair: { accessKeyId: 'ID', secretAccessKey: 'KEY' },
    })
    expect(await targets[1]?.settings()).toEqual({ type: 'file', directory: '/mnt/nas' })
  })

  test('credentials that are missing are missed when their store is worked with, and no sooner', async () => {
    const [far] = copyTargets(options(), copySource(options(), definition, {}), definition, {})
    expect(await failureOf(far?.settings() ?? Promise.resolve())).toMatchObject({ kind: 'config', subject: 'env FAR_ID' })
  })

  test('from another store back to the first', () => {
    expect(copySource(options({ from: 'nas' }), definition, {}).settings).toMatchObject({ directory: '/mnt/nas' })
    expect(targetsOf(options({ from: 'nas', to: ['main'] }), definition).map(({ name }) => name)).toEqual(['main'])
    expect(targetsOf(options({ from: 'nas' }), definition).map(({ name }) => name)).toEqual(['far'])
  })

  test('without a definition by URLs, the target with options of its own', async () => {
    const given = options({
      ...{ store: 's3://aaa/b', region: 'eu-west-1', to: ['s3://ccc/d', 'file:///mnt/e'] },
      ...{ toEndpoint: 'http://127.0.0.1:9000', toRegion: 'x', toProvider: 'minio', toProfile: 'far' },
    })
    const targets = targetsOf(given, undefined)
    expect(targets.map(({ name }) => name)).toEqual(['s3://ccc/d', 'file:///mnt/e'])
    expect(await targets[0]?.settings()).toEqual({
      ...{ type: 's3', bucket: 'ccc', prefix: 'd', region: 'x', endpoint: 'http://127.0.0.1:9000', provider: 'minio' },
      awsProfile: 'far',
    })
  })

  test.each<[string, CopyStoreOptions, typeof definition | undefined, RegExp]>([
    ['the source as target', options({ store: 's3://aaa/b', to: ['s3://aaa/b'] }), undefined, /target is the source/],
    ['the first store as target of itself', options({ to: ['main'] }), definition, /target is the source/],
    ['no target', options({ store: 's3://aaa/b' }), undefined, /no store to copy to/],
    ['a store that does not exist', options({ to: ['moon'] }), definition, /no store "moon"/],
    ['two sources', options({ from: 'nas', store: 'main' }), definition, /--from and --store/],
    ["a target's option without a URL", options({ to: ['nas'], toRegion: 'x' }), definition, /no target is named by a URL/],
  ])('%s is refused', async (_, given, of, message) => {
    expect(await refusal(given, of)).toMatchObject({ kind: 'config', message: expect.stringMatching(message) })
  })

  test('the same bucket at another endpoint is another store', () => {
    const given = options({ store: 's3://aaa/b', to: ['s3://aaa/b'], toEndpoint: 'http://127.0.0.1:9000', toRegion: 'x' })
    expect(targetsOf(given, undefined)).toHaveLength(1)
  })
})

describe('how far back copies go', () => {
  const now = Date.UTC(2026, 10, 22, 12)
  const dayMs = 86_400_000
  const { summary } = sampleManifest()
  const set = (daysAgo: number, database = 'app'): CompleteSet => {
    const startedMs = now - daysAgo * dayMs
    return {
      ...{ state: 'complete', publishedMs: startedMs, address: address(formatSetName({ startedMs, run: 'r' }), { database }) },
      summary: { ...summary, startedAt: new Date(startedMs).toISOString() },
      verified: { atMs: startedMs + 1000, verdict: 'equal' },
    }
  }
  const sets = [1, 2, 3, 20, 40].map((daysAgo) => set(daysAgo))
  const ages = (chosen: readonly CompleteSet[]): number[] =>
    chosen.map(({ summary: { startedAt } }) => (now - Date.parse(startedAt)) / dayMs)

  test('to what the definition keeps: daily for seven days, and the floor', () => {
    expect(ages(copyWindow({}, definition, now)(sets))).toEqual([1, 2, 3, 20, 40])
    const many = Array.from({ length: 12 }, (_, index) => set(index + 1))
    expect(ages(copyWindow({}, definition, now)(many))).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('to the last ones of each database, or to the young ones, where an option says so', () => {
    expect(ages(copyWindow({ last: 2 }, definition, now)([...sets, set(50, 'other')]))).toEqual([1, 2, 50])
    expect(ages(copyWindow({ since: '4 days' }, definition, now)(sets))).toEqual([1, 2, 3])
    expect(ages(copyWindow({ last: 2, since: '36 hours' }, undefined, now)(sets))).toEqual([1])
  })

  test('to everything without a definition', () => {
    expect(copyWindow({}, undefined, now)(sets)).toEqual(sets)
  })
})
