import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findQemu, parseQemuVersion } from '../../../../functions/platform/qemu/programs.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-test-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Programs that say of themselves that they are this version. */
async function install(version: string): Promise<NodeJS.ProcessEnv> {
  for (const name of ['qemu-system-x86_64', 'qemu-img']) {
    await writeFile(join(directory, name), `#!/bin/sh\necho 'QEMU emulator version ${version} (Debian)'\n`)
    await chmod(join(directory, name), 0o755)
  }
  return { PATH: directory }
}

test.each([
  ['QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2~bpo12+1)\nCopyright', { version: '10.0.2', major: 10 }],
  ['QEMU emulator version 8.2 ', { version: '8.2', major: 8 }],
  ['something else', undefined],
])('%j is read', (text, expected) => {
  expect(parseQemuVersion(text)).toEqual(expected)
})

test('the QEMU of Debian 12 is refused, with the reason and the way out', async () => {
  const found = findQemu(await install('7.2.19'))
  await expect(found).rejects.toMatchObject({ kind: 'config', subject: 'qemu', hint: expect.stringContaining('--images') })
  await expect(found).rejects.toThrow('QEMU 7.2.19 mistranslates the code of newer guests')
})

test('a newer one is taken, by its path', async () => {
  const found = await findQemu(await install('10.0.2'))
  expect(found).toEqual({
    system: join(directory, 'qemu-system-x86_64'),
    image: join(directory, 'qemu-img'),
    version: '10.0.2',
  })
})
