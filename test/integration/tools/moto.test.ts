import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../../functions/platform/process/run.ts'
import { findMoto, motoVersion } from '../../../tools/moto/find.ts'
import { type Moto, startMoto } from '../../support/moto.ts'
import { answersAt } from '../../support/tcp-answer.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto?.stop())

test('the set-up has made the version that is pinned, and it answers on loopback', async () => {
  const python = await findMoto(process.env)
  expect(python !== undefined && existsSync(python)).toBe(true)
  const { stdout } = await run({
    ...{ command: python ?? '', args: ['-c', 'import importlib.metadata as m; print(m.version("moto"))'], env: {} },
  })
  expect(stdout.trim()).toBe(motoVersion)
  expect(await answersAt(Number(new URL(moto.endpoint).port))).toBe(true)
})

test('it is gone when it was stopped', async () => {
  const other = await startMoto()
  const port = Number(new URL(other.endpoint).port)
  expect(await answersAt(port)).toBe(true)
  await other.stop()
  expect(await answersAt(port)).toBe(false)
})
