import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { cliEnvironment } from '../support/cli-backup.ts'
import { useRestoreBench } from '../support/restore-bench.ts'
import { outcomeOf, startCli } from '../support/run-cli.ts'
import { storeContent } from '../support/store-content.ts'

const bench = useRestoreBench('stopped')

afterEach(() => bench.expectNoTraces())

/** Runs a command on the stored set, and sends it signals while it reads this from the store. */
async function signalled(command: readonly string[], signals: readonly NodeJS.Signals[], key: string) {
  const { stored, manifest } = bench
  const { bucket, prefix } = stored.store
  const place = ['--cluster', 'faults', '--database', manifest.summary.database, '--store', `s3://${bucket}/${prefix}`]
  const scratch = join(bench.directory, 'scratch')
  await mkdir(scratch, { recursive: true, mode: 0o755 })
  const args = [...command, ...place, '--provider', 'versitygw', '--json']
  stored.proxy.clear()
  const { signal, ended } = startCli(args, { ...cliEnvironment(stored), BALLAST_SCRATCH_DIR: scratch })
  const run = async (): Promise<void> => {
    for (const name of signals) await signal(name)
  }
  stored.proxy.inject({ operation: 'GetObject', key, fault: { type: 'meanwhile', run } })
  return await ended
}

const restoring = (target: string) => ['restore', bench.manifest.summary.set, '--to', bench.sandbox.primary.adminUrl(target)]
const verifying = () => ['verify', bench.manifest.summary.set]

const stops: [NodeJS.Signals, number][] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]

describe('a restore that is told to stop', () => {
  it.each(stops)('by %s before its first change (exit code %i)', async (signal, code) => {
    const target = await bench.target()
    const end = await signalled(restoring(target), [signal], 'schema.dump')
    expect(end).toMatchObject({ code, signal: null })
    const { failure } = outcomeOf(end)
    expect(failure).toMatchObject({ kind: 'transient', code: 'Aborted' })
    expect(failure?.message).not.toContain('not whole')
    await bench.restore(target)
    await bench.expectRestored(target)
  })

  it.each(stops)('by %s while it loads rows (exit code %i)', async (signal, code) => {
    const target = await bench.target()
    const end = await signalled(restoring(target), [signal], 'data/')
    expect(end).toMatchObject({ code, signal: null })
    expect(outcomeOf(end).failure).toMatchObject({
      kind: 'transient',
      code: 'Aborted',
      message: expect.stringContaining(`the target database "${target}" is not whole`),
      hint: expect.stringContaining('--clean'),
    })
    await bench.restore(target, { clean: true })
    await bench.expectRestored(target)
  })

  it('by SIGKILL: another one with clean makes it whole', async () => {
    const target = await bench.target()
    expect(await signalled(restoring(target), ['SIGKILL'], 'data/')).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    await bench.expectNoTraces()
    await expect(bench.restore(target)).rejects.toMatchObject({ kind: 'config' })
    await bench.restore(target, { clean: true })
    await bench.expectRestored(target)
  })
})

describe('a verification that is told to stop', () => {
  it.each<[NodeJS.Signals, object]>([
    ['SIGINT', { code: 130, signal: null }],
    ['SIGTERM', { code: 143, signal: null }],
    ['SIGKILL', { code: null, signal: 'SIGKILL', stdout: '' }],
  ])('by %s: it claims nothing and leaves nothing', async (signal, expected) => {
    const end = await signalled(verifying(), [signal], 'data/')
    expect(end).toMatchObject(expected)
    if (signal !== 'SIGKILL')
      expect(outcomeOf(end)).toMatchObject({ ok: false, failure: { kind: 'transient', code: 'Aborted' } })
    const { objects } = await storeContent(bench.stored.truth)
    expect(objects.filter((key) => key.includes('/evidence/'))).toEqual([])
    await expect.poll(() => readdir(join(bench.directory, 'scratch')), { timeout: 30_000 }).toEqual([])
  })
})
