import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { describeContract } from './suite/contract.ts'

const directories: string[] = []

describe('the directory store', () => {
  afterEach(async () => {
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true })
  })

  describeContract({
    partBytes: 8 * 1024 * 1024,
    atomicIfAbsent: true,
    openEmpty: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'ballast-store-'))
      directories.push(directory)
      return openStore({ type: 'file', directory: join(directory, 'store') })
    },
  })
})
