import { afterEach, describe, expect, it } from 'vitest'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase } from '../support/backup-case.ts'
import { cliBackup } from '../support/cli-backup.ts'
import { outcomeOf, startCli } from '../support/run-cli.ts'

const bench = useBackupBench('signals')

afterEach(() => bench.expectNoTraces())

/** Sends the signals when the command is in the middle of storing this, and returns how it ended. */
async function signalled(one: BackupCase, signals: NodeJS.Signals[], key: string) {
  const { args, env } = cliBackup(one)
  const { signal, ended } = startCli(args, env)
  const run = async (): Promise<void> => {
    for (const name of signals) await signal(name)
  }
  one.proxy.inject({ operation: 'PutObject', key, fault: { type: 'meanwhile', run } })
  return await ended
}

describe('a backup that is told to stop', () => {
  it.each<[NodeJS.Signals, number, string]>([
    ['SIGINT', 130, 'data/'],
    ['SIGTERM', 143, 'data/'],
    ['SIGHUP', 129, 'data/'],
    ['SIGTERM', 143, 'schema.dump'],
    ['SIGTERM', 143, 'restore.sh'],
  ])('by %s (exit code %i) while it stores %s', async (signal, code, key) => {
    const one = await bench.begin()
    const end = await signalled(one, [signal], key)
    expect(end).toMatchObject({ code, signal: null })
    expect(end.stderr).toContain(`${signal}: stopping`)
    expect(outcomeOf(end)).toMatchObject({
      ok: false,
      failure: {
        kind: 'transient',
        code: 'Aborted',
        message: `the run was stopped by ${signal}`,
        hint: expect.stringContaining('again'),
      },
    })
    await one.expectNoBackup()
  })

  it('while the manifest is on its way: the set is whole, and that is what is said', async () => {
    const one = await bench.begin()
    const end = await signalled(one, ['SIGTERM'], 'manifest.json')
    expect(end.stderr).toContain('SIGTERM: stopping')
    expect(end).toMatchObject({ code: 0, signal: null })
    expect(outcomeOf(end)).toMatchObject({ ok: true })
    expect((await one.sets()).map(({ state }) => state)).toEqual(['complete'])
  })

  it('twice: it ends at once', async () => {
    const one = await bench.begin()
    const end = await signalled(one, ['SIGINT', 'SIGTERM'], 'data/')
    expect(end).toMatchObject({ code: 143, signal: null, stdout: '' })
    await one.expectNothingAfterSweep()
  })
})
