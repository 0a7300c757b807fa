import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { readPause } from '../../functions/runtime/replay-pause/keep-pause.ts'
import type { ReplayPause } from '../../functions/runtime/replay-pause/record.ts'
import { type BackupBench, useBackupBench } from './backup-bench.ts'
import type { BackupCase } from './backup-case.ts'
import { FanOutCase, type FanOutOptions } from './fan-out-case.ts'
import { grants, type PausedCluster, startPausedCluster } from './paused-cluster.ts'

/** What the fanned-out runs of one test file share that pause a replica. */
export interface PausedBench {
  readonly bench: BackupBench
  readonly paused: PausedCluster
  /** Begins a run in a database of its own, which all standbys have. */
  begin(options?: FanOutOptions): Promise<FanOutCase>
  /** All that such a run needs, and no run yet. */
  prepare(options?: FanOutOptions): Promise<FanOutCase>
}

/** Sets it up for a test file, and takes it down after its tests; after each of them replay goes on everywhere. */
export function usePausedBench(name: string): PausedBench {
  let paused: PausedCluster
  beforeAll(async () => {
    paused = await startPausedCluster()
    await paused.onPrimary(grants)
  }, 120_000)
  const bench = useBackupBench(name, { cluster: () => paused.sandbox })
  beforeEach(() => paused.hook.reset())
  afterEach(async () => {
    for (const index of [0, 1]) await paused.onStandby('SELECT pg_wal_replay_resume()', index)
    await bench.expectNoTraces()
    await paused.sandbox.waitForStandby()
  })
  afterAll(() => paused?.stop())
  const ownDatabase = async (): Promise<BackupCase> => {
    const one = await bench.begin()
    one.database = await bench.freshDatabase()
    await paused.sandbox.waitForStandby()
    return one
  }
  return {
    bench,
    get paused() {
      return paused
    },
    begin: async (options) => FanOutCase.begin(await ownDatabase(), paused.options(options)),
    prepare: async (options) => FanOutCase.prepare(await ownDatabase(), paused.options(options)),
  }
}

/** A store that takes its time for units, so that a run lasts. */
export function slowUnits(one: BackupCase, ms: number): void {
  one.proxy.inject({
    ...{ operation: 'PutObject', key: '/data/', times: 10_000 },
    fault: { type: 'meanwhile', run: () => sleep(ms) },
  })
}

/** What is stored of the pause of a run's cluster. */
export async function storedPause({ one, cluster }: FanOutCase): Promise<ReplayPause | undefined> {
  return await readPause({ store: one.truth, cluster: cluster.name, signal: new AbortController().signal })
}
