import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../../functions/platform/process/run.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { copyOfProject, nodePackage, placeNode } from '../../support/project-copy.ts'

const directory = freshDirectory()
const root = join(import.meta.dirname, '../../..')
const { PATH = '', HOME = '', XDG_CACHE_HOME = '' } = process.env

test('on a machine that has everything, the set-up says nothing and changes nothing', async () => {
  const setUp = join(root, 'tools/machine/setup.ts')
  const status = () => stat('/var/lib/dpkg/status').then(({ mtimeMs }) => mtimeMs)
  const before = await status()
  const { stdout, stderr } = await run({ command: process.execPath, args: [setUp], env: { PATH, HOME, XDG_CACHE_HOME } })
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
  expect(await status()).toBe(before)
})

test('npm runs when the lockfile is not the one installed, and only then, and leaves the lockfile as it is', async () => {
  const manifest = { name: 'copy', version: '1.0.0', optionalDependencies: { [nodePackage]: `file:./${nodePackage}` } }
  await copyOfProject(directory(), ['tools/setup', 'tools/node'], {
    'package.json': JSON.stringify(manifest),
    [`${nodePackage}/package.json`]: JSON.stringify({ name: nodePackage, version: '1.0.0' }),
    'tools/machine/setup.ts': "console.log('then the machine', process.argv.slice(2))",
  })
  await placeNode(directory())
  const env = { PATH, HOME, npm_config_offline: 'true' }
  await run({ command: 'npm', args: ['install', '--package-lock-only'], env, cwd: directory() })
  const lock = await readFile(join(directory(), 'package-lock.json'), 'utf8')
  const setUp = (...args: string[]) =>
    run({ command: join(directory(), 'tools/setup'), args, env, cwd: '/' }).then(({ stdout }) => stdout)

  expect(await setUp()).toContain('Installing the npm packages')
  expect(existsSync(join(directory(), 'node_modules', nodePackage))).toBe(true)
  expect(await setUp('--bench')).toBe("then the machine [ '--bench' ]\n")
  expect(await readFile(join(directory(), 'package-lock.json'), 'utf8')).toBe(lock)

  await copyOfProject(directory(), [], { 'package-lock.json': `${lock}\n` })
  expect(await setUp()).toContain('Installing the npm packages')
})
