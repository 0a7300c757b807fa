import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import reference from '../../../../ballast.config.ts'
import { type CloudBuilder, cloudEnvironment } from '../../../../functions/images/bake/cloud-access.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ballast-test-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const builders: readonly (readonly [CloudBuilder, string])[] = [
  ['amazon-ebs', 'AWS_PROFILE'],
  ['googlecompute', 'gcloud auth application-default login'],
  ['azure-arm', 'az login'],
  ['digitalocean', 'DIGITALOCEAN_TOKEN'],
  ['hcloud', 'HCLOUD_TOKEN'],
]

test.each(builders)('%s: without anything to log in with, what is missing is said', (builder, way) => {
  expect(() => cloudEnvironment(builder, reference, { HOME: home })).toThrow(
    expect.objectContaining({ kind: 'config', subject: builder, hint: expect.stringContaining(way) }),
  )
})

test.each<[CloudBuilder, string]>([
  ['amazon-ebs', '.aws/credentials'],
  ['googlecompute', '.config/gcloud/application_default_credentials.json'],
  ['azure-arm', '.azure/azureProfile.json'],
])('%s: a file of its own command line is enough, and found by HOME', async (builder, file) => {
  await mkdir(dirname(join(home, file)), { recursive: true })
  await writeFile(join(home, file), '')
  expect(cloudEnvironment(builder, reference, { HOME: home, PATH: '/usr/bin' })).toEqual({ HOME: home })
})

test('Packer gets the variables of its cloud and the way out, and nothing of anybody else', () => {
  const env = {
    ...{ HOME: home, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', HTTPS_PROXY: 'http://proxy.example' },
    ...{ HCLOUD_TOKEN: 'token', PGPASSWORD: 'password' },
  }
  expect(cloudEnvironment('amazon-ebs', reference, env)).toEqual({
    ...{ HOME: home, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', HTTPS_PROXY: 'http://proxy.example' },
  })
})

test('a builder that the definition does not name is refused by its path', () => {
  const { hcloud: _, ...others } = reference.images.builders
  const cluster = { ...reference, images: { ...reference.images, builders: { ...others, hcloud: undefined } } }
  expect(() => cloudEnvironment('hcloud', cluster, { HCLOUD_TOKEN: 'token' })).toThrow(
    expect.objectContaining({ kind: 'config', subject: "images.builders['hcloud']" }),
  )
})
