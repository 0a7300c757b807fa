import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { allGone, processesOf } from '../support/processes.ts'
import { startCli } from '../support/run-cli.ts'
import { definitionFile } from './baked-images.ts'

let out = ''
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'ballast-test-'))
})
afterEach(() => rm(out, { recursive: true, force: true }))

/** Starts a bake, and resolves when its machine runs. */
async function bakeUntilBoot(): Promise<ReturnType<typeof startCli>> {
  const run = startCli(['images', 'bake', '--role', 'primary', '--config', definitionFile, '--out', out], {})
  let said = ''
  run.child.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  while (!/^boot$/m.test(said) && run.child.exitCode === null) await sleep(50)
  expect((await processesOf(out)).length, said).toBeGreaterThan(1)
  return run
}

/** What is left of a bake: its directory goes after its processes. */
async function leftovers(): Promise<string[]> {
  expect(await allGone(out)).toBe(true)
  for (let round = 0; round < 100 && (await readdir(out)).some((name) => name.startsWith('.bake-')); round++) await sleep(100)
  return await readdir(out)
}

test('a bake that is killed leaves neither its machine nor a file behind', async () => {
  const run = await bakeUntilBoot()
  run.child.kill('SIGKILL')
  await run.ended
  expect(await leftovers()).toEqual([])
})

test('a bake that is stopped leaves its machine neither, and only the log of Packer', async () => {
  const run = await bakeUntilBoot()
  await run.signal('SIGINT')
  const { code } = await run.ended
  expect(code).toBe(130)
  expect(await leftovers()).toEqual([expect.stringMatching(/^ballast-lab-primary-\d{8}-\d{6}\.log$/)])
})
