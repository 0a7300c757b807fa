import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'

const reference = fileURLToPath(new URL('../../../ballast.config.ts', import.meta.url))
const cli = useCommandLine(() => ({ HOME: cli.directory() }))
const bake = ['images', 'bake', '--role', 'primary', '--config', reference]
const inAmazon = [...bake, '--builder', 'amazon-ebs']

/** Stands in for a Packer of today, whose plugins cannot be had here: it keeps what it was told, and leaves its manifest. */
const packer = `#!/bin/sh
[ "$1" = version ] && { echo 'Packer v1.16.0'; exit; }
{ echo "call $1"; env | cut -d = -f 1 | sort | tr '\\n' ' '; echo; printf '%s\\n' "$@"; } >> "$HOME/calls"
[ "$1" = init ] && exit
for word in "$@"; do
  case $word in
    manifest=*) echo '{"builds":[{"artifact_id":"sa-east-1:ami-0123456789abcdef0"}]}' > "\${word#manifest=}" ;;
  esac
  template=$word
done
cp -R "$template" "$HOME/template"
echo '==> amazon-ebs.primary: Creating temporary keypair'
`

beforeAll(async () => {
  await mkdir(join(cli.directory(), 'bin'))
  await writeFile(join(cli.directory(), 'bin/packer'), packer)
  await chmod(join(cli.directory(), 'bin/packer'), 0o755)
})

test('without credentials, what is missing is said, and nothing is started', async () => {
  const said = await cli.run(inAmazon)
  expect(said.code).toBe(2)
  expect(said.stderr).toContain('there is nothing to log in with for amazon-ebs')
  expect(said.stderr).toContain('AWS_PROFILE')
})

test("Debian's Packer does not bake in a cloud: it would leave out what closes the machine off", async () => {
  const said = await cli.run(inAmazon, { AWS_PROFILE: 'shop' })
  expect(said.code).toBe(2)
  expect(said.stderr).toContain('Put Packer 1.11 or newer on PATH')
})

test('a newer one is handed the committed template, its variables and the credentials of its cloud', async () => {
  const env = {
    ...{ PATH: `${join(cli.directory(), 'bin')}:${process.env.PATH}`, AWS_PROFILE: 'shop', HCLOUD_TOKEN: 'token' },
    ...{ PGPASSWORD: 'password' },
  }
  const { code, outcome } = await cli.outcome([...inAmazon, '--var', 'instance_type=t3.large'], env)
  expect({ code, outcome }).toMatchObject({
    code: 0,
    outcome: { ok: true, details: { id: 'sa-east-1:ami-0123456789abcdef0' } },
  })

  const calls = await readFile(join(cli.directory(), 'calls'), 'utf8')
  expect(calls.match(/^call .*$/gm)).toEqual(['call init', 'call build'])
  expect(calls).toContain('AWS_PROFILE')
  expect(calls).not.toMatch(/HCLOUD_TOKEN|PGPASSWORD/)
  expect(calls).toMatch(/^instance_type=t3\.large$/m)
  expect(calls).toMatch(/^date=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m)
  expect(calls).toMatch(/^commit=[0-9a-f]{40}(-dirty)?$/m)
  const template = await readdir(join(cli.directory(), 'template'))
  expect(template.sort()).toEqual(['image.pkr.json', 'plugins.pkr.json'])

  const left = await readdir(join(cli.directory(), 'images'))
  expect(left.map((name) => name.replace(/\d{8}-\d{6}/, 'TIME')).sort()).toEqual([
    ...['ballast-shop-primary-TIME.amazon-ebs.json', 'ballast-shop-primary-TIME.log'],
  ])
})

test('variables are for builders in a cloud', async () => {
  const said = await cli.run([...bake, '--var', 'cpus=4'])
  expect(said.code).toBe(2)
  expect(said.stderr).toContain('images.builders.qemu')
})

test.each([
  ['no role', ['images', 'bake', '--config', reference], "'--role <role>' not specified"],
  [
    'another role',
    ['images', 'bake', '--role', 'witness', '--config', reference],
    'Allowed choices are docker, primary, replica',
  ],
  ['another builder', [...bake, '--builder', 'linode'], 'Allowed choices are qemu, amazon-ebs'],
  ['a variable without a value', [...bake, '--builder', 'hcloud', '--var', 'token'], 'It is a name, = and a value.'],
])('%s is refused as usage', async (_, args, words) => {
  const said = await cli.run(args)
  expect(said.code).toBe(2)
  expect(said.stderr).toContain(words)
})

test('what is no image cannot be tested', async () => {
  const { code, outcome } = await cli.outcome(['images', 'test', '.', '--config', reference])
  expect({ code, failure: outcome.failure }).toMatchObject({ code: 3, failure: { code: 'NoManifest' } })
})
