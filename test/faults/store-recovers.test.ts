import { afterEach, describe, it } from 'vitest'
import { useRestoreBench } from '../support/restore-bench.ts'
import { recoveringBackups } from './tables/backup-into-store.ts'
import { recoveringRestores } from './tables/restore-from-store.ts'

const bench = useRestoreBench('recovers', { size: 'large' })

afterEach(() => bench.expectNoTraces())

describe('a backup gets over', () => {
  it.each(recoveringBackups)('%s', async (_, fault) => {
    const one = await bench.begin()
    one.proxy.inject(fault)
    await one.expectWholeSet(await one.backup())
  })
})

describe('a restore gets over', () => {
  it.each(recoveringRestores)('%s', async (_, fault) => {
    const { proxy, store } = bench.stored
    proxy.clear()
    proxy.inject(fault)
    const target = await bench.target()
    await bench.restore(target, { store })
    await bench.expectRestored(target)
  })
})
