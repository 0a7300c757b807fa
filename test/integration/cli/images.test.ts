import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { sample } from '../../unit/config/sample.ts'

const cli = useCommandLine(() => ({}))
const file = (path: string) => join(cli.directory(), 'packer/templates', path)
const render = ['images', 'render', '--config', 'shop.json']

beforeAll(() => writeFile(join(cli.directory(), 'shop.json'), JSON.stringify(sample)))

test('render writes what is missing, and nothing when nothing changed', async () => {
  const first = await cli.outcome(render)
  const second = await cli.outcome(render)
  expect(first).toMatchObject({ code: 0, outcome: { ok: true, subject: 'shop' } })
  expect(first.outcome.numbers.changedFiles).toBe(first.outcome.numbers.files)
  expect(first.outcome.numbers.files).toBeGreaterThan(50)
  expect(second.outcome.numbers).toEqual({ files: first.outcome.numbers.files, changedFiles: 0 })
  expect(await readFile(file('replica/hcloud/image.pkr.json'), 'utf8')).toContain('from shop.json;')
})

test('--check writes nothing, names what is not as rendered and exits with 1', async () => {
  await cli.run(render)
  expect((await cli.run([...render, '--check'])).code).toBe(0)

  await rm(file('docker/qemu/image.pkr.json'))
  await writeFile(file('docker/linode.json'), '{}\n')
  await writeFile(file('primary/qemu/plugins.pkr.json'), '{}\n')
  const said = await cli.run([...render, '--check'])

  expect(said.code).toBe(1)
  expect(said.stdout).toMatch(/^docker\/linode\.json: is left over\ndocker\/qemu\/image\.pkr\.json: is missing\n/)
  expect(said.stdout).toMatch(/^primary\/qemu\/plugins\.pkr\.json: differs$/m)
  expect(said.stderr).toContain('Run `ballast images render`')
  expect((await cli.outcome([...render, '--check'])).outcome.failure).toMatchObject({ kind: 'unwell' })
  expect((await cli.outcome(render)).outcome.numbers.changedFiles).toBe(3)
})

test("--out leaves somebody's own directory alone", async () => {
  const own = join(cli.directory(), 'own')
  await mkdir(join(own, 'docker'), { recursive: true })
  await writeFile(join(own, 'docker/compose.yml'), 'services: {}\n')
  const said = await cli.run([...render, '--out', own])
  expect(said).toMatchObject({ code: 2, stdout: '' })
  expect(said.stderr).toContain('it holds files that Ballast did not make')
  expect(await readdir(own, { recursive: true })).toEqual(['docker', 'docker/compose.yml'])
})

test('a bad definition is refused before anything is written', async () => {
  await writeFile(join(cli.directory(), 'bad.json'), JSON.stringify({ ...sample, firewall: { admin: [], app: [] } }))
  const said = await cli.run(['images', 'render', '--config', 'bad.json', '--out', 'never'])
  expect(said.code).toBe(2)
  expect(said.stderr).toContain("firewall.admin: must not be empty; add e.g. '203.0.113.7/32'")
  await expect(readFile(join(cli.directory(), 'never/primary/qemu/image.pkr.json'))).rejects.toThrow('ENOENT')
})
