import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { setPrefix } from '../../functions/archive/keys.ts'
import { type CopyOptions, copySets } from '../../functions/copies/copy.ts'
import type { S3Settings } from '../../functions/platform/object-store/settings.ts'
import { useCopyBench } from '../support/copy-bench.ts'
import { failureOf } from '../support/failures.ts'
import { startCli } from '../support/run-cli.ts'
import type { Fault } from '../support/s3-fault.ts'
import { address } from '../support/stored-sets.ts'
import { storeWholeSet } from '../support/whole-sets.ts'

const bench = useCopyBench()
const small = { 'schema.dump': 900, 'globals.sql': 70, 'data/000001.zst': 5_000 }
const names = [18, 19, 20, 21].map((day) => `2026-11-${day}T060000Z-daily`)
const denied: Fault = { type: 'refuse', status: 403, code: 'AccessDenied' }
const always = Number.POSITIVE_INFINITY

/** The bucket behind the proxy, as a target by settings; `place` is its prefix. */
function bucket(place: string): S3Settings {
  const { server, proxy } = bench
  return {
    ...{ type: 's3', bucket: server.bucket, prefix: place, endpoint: proxy.endpoint, region: server.region },
    ...{ provider: 'versitygw', keyPair: { accessKeyId: server.accessKey, secretAccessKey: server.secretKey } },
  }
}

const target = (name: string) => ({ name, settings: () => Promise.resolve(bucket(`${bench.directory.slice(-6)}/${name}`)) })

function options(changed: Partial<CopyOptions> = {}): CopyOptions {
  return {
    ...{ source: { type: 'file', directory: bench.directory }, targets: [target('one')], filter: {}, dryRun: false },
    ...{ wanted: { choose: (sets) => sets }, ...changed },
  }
}

const ended = (steps: readonly { address: { set: string }; outcome: string }[]): string[] =>
  steps.map(({ address: { set }, outcome }) => `${set.slice(8, 10)} ${outcome}`)

async function storeFour(): Promise<void> {
  for (const name of names) await storeWholeSet(bench.source, address(name), small)
}

describe('copies of several sets to several targets', () => {
  it('come newest first, and are not made again', async () => {
    await storeFour()
    const [first] = await copySets(options())
    expect(ended(first?.steps ?? [])).toEqual(['22 copied', '21 copied', '20 copied', '19 copied', '18 copied'])
    const [again] = await copySets(options())
    expect(again).toMatchObject({ steps: [], leftOut: [] })
  })

  it('changes nothing when it only says what it would do', async () => {
    const [dry] = await copySets(options({ dryRun: true }))
    expect(ended(dry?.steps ?? [])).toEqual(['22 planned'])
    expect(bench.proxy.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('a set that fails stops neither the others nor the next target', async () => {
    await storeFour()
    await rm(join(bench.directory, setPrefix(address(names[2] ?? '')), 'restore.sh'))
    const failed: string[] = []
    const onFailed: CopyOptions['onFailed'] = (name, { code }, of) => failed.push(`${name} ${of?.set.slice(8, 10)} ${code}`)
    const results = await copySets(options({ targets: [target('one'), target('two')], onFailed }))
    const expected = ['22 copied', '21 copied', '20 failed', '19 copied', '18 copied']
    expect(results.map(({ steps }) => ended(steps))).toEqual([expected, expected])
    expect(failed).toEqual(['one 20 DAMAGED', 'two 20 DAMAGED'])
  })

  it('a target that refuses is given up after three sets, and the next one is served', async () => {
    await storeFour()
    bench.proxy.inject({ operation: 'PutObject', key: '/one/', fault: denied, times: always })
    bench.proxy.inject({ operation: 'UploadPart', key: '/one/', fault: denied, times: always })
    const [one, two] = await copySets(options({ targets: [target('one'), target('two')] }))
    expect(ended(one?.steps ?? [])).toEqual(['22 failed', '21 failed', '20 failed', '19 untried', '18 untried'])
    expect(ended(two?.steps ?? []).every((step) => step.endsWith('copied'))).toBe(true)
  })

  it('a target that cannot be listed, or has no credentials, fails alone', async () => {
    bench.proxy.inject({ operation: 'ListObjectsV2', fault: denied, times: 1 })
    const lost = { name: 'lost', settings: () => Promise.reject(new Error('no credentials')) }
    const unmounted = { name: 'nas', settings: () => Promise.resolve({ type: 'file', directory: '/nowhere/nas' } as const) }
    const results = await copySets(options({ targets: [target('one'), lost, unmounted, target('two')] }))
    expect(results.map(({ failure }) => failure?.code ?? failure?.kind)).toEqual([
      'AccessDenied',
      'bug',
      'NoSuchDirectory',
      undefined,
    ])
    expect(ended(results[3]?.steps ?? [])).toEqual(['22 copied'])
  })

  it('a source that cannot be listed fails the run', async () => {
    const source = { type: 'file', directory: '/nowhere/backups' } as const
    expect(await failureOf(copySets(options({ source })))).toMatchObject({ code: 'NoSuchDirectory' })
  })

  it('a set that retention deletes at the source meanwhile is no failure', async () => {
    await storeFour()
    const run = () => rm(join(bench.directory, bench.prefix), { recursive: true })
    bench.proxy.inject({ operation: 'PutObject', key: 'schema.dump', fault: { type: 'meanwhile', run } })
    const [result] = await copySets(options())
    expect(ended(result?.steps ?? [])).toEqual(['22 gone', '21 copied', '20 copied', '19 copied', '18 copied'])
  })

  it('one set by name is compared again; one that is known to be bad is refused', async () => {
    const only = { only: bench.of }
    await copySets(options())
    const [again] = await copySets(options({ wanted: only }))
    expect(again?.steps).toMatchObject([{ outcome: 'copied', copied: { sentObjects: 0, comparedObjects: 7 } }])
    await rm(join(bench.directory, bench.prefix, 'data/000001.zst'))
    const [bad] = await copySets(options({ wanted: only, targets: [target('two')] }))
    expect(bad).toMatchObject({ steps: [], failure: { kind: 'permanent', code: 'DAMAGED' } })
  })

  it('one set by name that is not there, or no longer, is a failure', async () => {
    const wanted = { only: address(names[1] ?? '') }
    const [absent] = await copySets(options({ wanted }))
    expect(absent).toMatchObject({ steps: [], failure: { kind: 'permanent', code: 'NO_SUCH_SET' } })
    await storeFour()
    const run = () => rm(join(bench.directory, setPrefix(wanted.only)), { recursive: true })
    bench.proxy.inject({ operation: 'PutObject', key: 'schema.dump', fault: { type: 'meanwhile', run } })
    const [deleted] = await copySets(options({ wanted }))
    expect(deleted?.steps).toMatchObject([{ outcome: 'failed', failure: { code: 'NO_SUCH_SET' } }])
  })

  it('a run that is stopped says so, and leaves nothing that passes for a copy', async () => {
    const stop = new AbortController()
    const run = async () => void stop.abort()
    bench.proxy.inject({ operation: 'UploadPart', fault: { type: 'meanwhile', run } })
    expect(await failureOf(copySets(options({ signal: stop.signal })))).toMatchObject({ code: 'Aborted' })
    const [after] = await copySets(options({ dryRun: true }))
    expect(after?.steps).toMatchObject([{ outcome: 'planned', reason: 'an interrupted copy, which goes on' }])
  })
})

it.each(['UploadPart', 'PutObject', 'GetObject'] as const)('killed at %s, it goes on where it was', async (operation) => {
  const place = `s3://${bench.server.bucket}/killed-${operation}`
  const args = ['copy', '--store', `file://${bench.directory}`, '--to', place, '--to-provider', 'versitygw', '--json']
  const env = { ...bench.server.env, AWS_ENDPOINT_URL_S3: bench.proxy.endpoint }
  const stalled = Promise.withResolvers<void>()
  const run = () => new Promise<void>(() => stalled.resolve())
  const key = operation === 'UploadPart' ? 'data/000002' : 'data/000003'
  bench.proxy.inject({ operation, key, fault: { type: 'meanwhile', run } })
  const killed = startCli(args, env)
  await stalled.promise
  killed.child.kill('SIGKILL')
  await killed.ended
  const before = bench.proxy.requests.filter(({ operation: is }) => is === 'CompleteMultipartUpload').length
  const again = startCli(args, env)
  const { code, stdout } = await again.ended
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, numbers: { copiedSets: 1, comparedObjects: 7, failedSets: 0 } })
  const completed = bench.proxy.requests.filter(({ operation: is }) => is === 'CompleteMultipartUpload').length
  expect(completed - before).toBe(operation === 'UploadPart' ? 1 : 0)
  const listed = startCli(['list', '--store', place, '--provider', 'versitygw', '--json'], env)
  expect(JSON.parse((await listed.ended).stdout)).toMatchObject({
    details: { sets: [{ state: 'complete', copies: [{ holding: 'compared' }] }] },
  })
})
