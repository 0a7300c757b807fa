import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkSeal } from '../../../functions/images/seal/check-seal.ts'
import { sealChecks } from '../../../functions/images/seal/seal-checks.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { mutations } from './seal/mutations.ts'
import { plant } from './seal/plant.ts'
import { sealedTree } from './seal/sealed-tree.ts'

async function failedChecks(root: string): Promise<string[]> {
  const findings = await checkSeal(root)
  return findings.filter(({ status }) => status !== 'ok').map(({ name }) => name)
}

const directory = freshDirectory()

test('a sealed tree passes every check, with whatever looks suspicious and is not', async () => {
  await plant(directory(), sealedTree)
  const findings = await checkSeal(directory())
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([])
  expect(findings.map(({ name }) => name)).toEqual(sealChecks.map(({ name }) => name))
})

test('there is something for every check to find', () => {
  const names = sealChecks.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !mutations.some(({ check }) => check === name))).toEqual([])
})

test.each(mutations.map((mutation, index) => [index, mutation.check, mutation.path, mutation] as const))(
  '%i: %s finds %s, and nothing else does',
  async (_index, check, _path, mutation) => {
    await plant(directory(), sealedTree)
    await plant(directory(), [mutation])
    expect(await failedChecks(directory())).toEqual([check])
  },
)

test('a finding names the first paths and counts the rest, says what is wrong and what to do', async () => {
  await plant(directory(), sealedTree)
  const logs = Array.from({ length: 7 }, (_, index) => ({ path: `/var/log/app/${index}.log`, content: 'line\n' }))
  await plant(directory(), logs)
  const finding = (await checkSeal(directory())).find(({ name }) => name === 'logs')
  expect(finding?.finding).toMatch(/^\/var\/log\/app\/0\.log holds 5 bytes; .*4\.log holds 5 bytes; and 2 more$/)
  expect(finding?.fix).toBe('Remove it: the directories of logs stay, their files do not.')
})

test.each(['/usr/lib/libtls.so.3', '/lib/libtls.so.3', '/etc/tls/example.conf'])(
  'a key in %s is public as long as it is what a package brings',
  async (path) => {
    const key = String(mutations.find(({ check, content }) => check === 'private-keys' && content !== undefined)?.content)
    const md5 = createHash('md5').update(key).digest('hex')
    await plant(directory(), sealedTree)
    await plant(directory(), [
      { path: path.replace(/^\/lib/, '/usr/lib'), content: key },
      path.startsWith('/etc/')
        ? { path: '/var/lib/dpkg/status', content: `Package: tls\nConffiles:\n ${path} ${md5}\n` }
        : { path: '/var/lib/dpkg/info/tls:amd64.md5sums', content: `${md5}  ${path.slice(1)}\n` },
    ])
    expect(await failedChecks(directory())).toEqual([])
    await plant(directory(), [{ path: path.replace(/^\/lib/, '/usr/lib'), content: `${key}\n` }])
    expect(await failedChecks(directory())).toEqual(['private-keys'])
  },
)

test('links are not followed out of the tree', async () => {
  await plant(directory(), sealedTree)
  await plant(join(directory(), '..'), [
    { path: 'outside/key', content: mutations.find(({ check }) => check === 'private-keys')?.content ?? '' },
  ])
  await plant(directory(), [
    { path: '/etc/app.d', target: join(directory(), '..', 'outside') },
    { path: '/etc/app.key', target: join(directory(), '..', 'outside/key') },
  ])
  expect(await failedChecks(directory())).toEqual([])
})
