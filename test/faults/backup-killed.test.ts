import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { listSets } from '../../functions/archive/catalogue.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import { cliBackup } from '../support/cli-backup.ts'
import { fingerprint } from '../support/fault-database.ts'
import { randomFractions } from '../support/random.ts'
import { outcomeOf, startCli } from '../support/run-cli.ts'
import { storeContent, sweepAll } from '../support/store-content.ts'

const bench = useBackupBench('killed', { size: 'large' })
const seed = Number(process.env.BALLAST_FAULT_SEED ?? 20261122)
const lanes = 3

describe('a backup that is killed', () => {
  it.each([
    ['an S3 bucket', 's3', 24],
    ['a directory', 'file', 6],
  ])(`at random moments (seed ${seed}): into %s`, async (_, type, kills) => {
    const one = await bench.begin()
    const directory = join(bench.directory, 'sets')
    await mkdir(directory, { recursive: true })
    const { args, env } = cliBackup(one, type === 'file' ? `file://${directory}` : undefined)
    const truth = type === 'file' ? openStore({ type: 'file', directory }) : one.truth

    const startedMs = performance.now()
    const whole = outcomeOf(await startCli(args, env).ended)
    const lastsMs = performance.now() - startedMs
    expect(whole.ok).toBe(true)

    const moments = randomFractions(seed, kills).map((fraction) => fraction * lastsMs * 1.1)
    const killed = await Promise.all(
      Array.from({ length: lanes }, async (_lane, lane) => {
        let count = 0
        for (const moment of moments.filter((_moment, index) => index % lanes === lane)) {
          const { child, ended } = startCli(args, env)
          await sleep(moment)
          child.kill('SIGKILL')
          if ((await ended).signal === 'SIGKILL') count += 1
        }
        return count
      }),
    )
    expect(killed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(kills / 2)

    await bench.expectNoTraces()
    expect(outcomeOf(await startCli(args, env).ended).ok).toBe(true)
    const listed = await listSets(truth, {})
    const complete = listed.filter(({ state }) => state === 'complete').map(({ address }) => address)
    expect(listed.filter(({ state }) => state === 'damaged')).toEqual([])
    expect(complete.length).toBeGreaterThanOrEqual(2)
    await sweepAll(truth)
    expect((await listSets(truth, {})).map(({ address }) => address)).toEqual(complete)
    expect((await storeContent(truth)).pending).toEqual([])
    if (type === 'file') expect((await readdir(directory)).filter((name) => !name.startsWith('.'))).toEqual(['faults'])

    const { sandbox } = bench
    const rows = await fingerprint(sandbox, sandbox.primary.adminUrl(one.database))
    if (type === 's3') for (const address of complete.slice(-2)) expect(await one.restoredRows(address)).toBe(rows)
    truth.close()
  })
})
