import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseAccelerator } from '../../../../functions/platform/qemu/accelerator.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-test-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const probe = () => ({ qemu: '/nowhere', disk: '/nowhere', directory, memory: join(directory, 'memory') })
const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

test.each(['kvm', 'tcg'] as const)('%s is taken where the definition asks for it', async (wanted) => {
  expect(await chooseAccelerator(wanted, probe())).toBe(wanted)
})

test('what was found since this machine was started is not tried again', async () => {
  await writeFile(join(directory, 'memory'), `${bootId} kvm`)
  expect(await chooseAccelerator('auto', probe())).toBe(existsSync('/dev/kvm') ? 'kvm' : 'tcg')
})

test('what was found before it was started does not count: a QEMU that does not start a guest means emulation', async () => {
  await writeFile(join(directory, 'memory'), '00000000-0000-0000-0000-000000000000 kvm')
  expect(await chooseAccelerator('auto', probe())).toBe('tcg')
})
