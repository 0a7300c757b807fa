import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { BUILDERS } from '../../packer/builders/all.ts'
import { IMAGE_ROLES } from '../../packer/roles.ts'
import { currentPacker } from '../../tools/packer/current-packer.ts'
import { referenceCluster } from '../support/definitions.ts'
import { ACCOUNT_TOKEN, inspect, useTemplateTree, validate } from '../support/packer.ts'

const pairs = IMAGE_ROLES.flatMap((role) => BUILDERS.map(({ name }) => ({ role, builder: name })))
const tree = useTemplateTree(await referenceCluster(), 'current')
let packer = ''

beforeAll(async () => {
  packer = await currentPacker()
})

test.each(pairs)('a Packer of today reads $role on $builder, with its pinned plugin', async ({ role, builder }) => {
  const said = await validate(packer, tree.directory(role, builder), tree.variables(builder), '-syntax-only')
  expect(said).toEqual({ code: 0, output: expect.stringContaining('Syntax-only check passed') })
})

test.each(pairs)('it knows the version and every step of $role on $builder, and hides the token', async ({ role, builder }) => {
  const file = join(tree.directory(role, builder), 'image.pkr.json')
  const { code, output } = await inspect(packer, file, tree.variables(builder))
  const steps = /provisioners:\s+([\s\S]*?)\s+post-processors:/.exec(output)?.[1]?.split(/\s+/)
  expect({ code, steps }).toEqual({ code: 0, steps: ['shell', 'file', 'file', 'shell'] })
  expect(output).toContain('local.stamp: "20261126-220000"')
  expect(output).toContain(`${builder}.${role}`)
  expect(output).not.toContain(ACCOUNT_TOKEN)
})

test.each([
  ['image', '"commit":', '"commit" "again":'],
  ['image', '"build":', '"biuld":'],
  ['plugins', '"version": "= ', '"version": "newest '],
  ['plugins', '"required_plugins"', '"required_plugin"'],
])('it refuses a mistake in %s.pkr.json: %s', async (file, right, wrong) => {
  const path = join(tree.directory('primary', 'amazon-ebs'), `${file}.pkr.json`)
  const text = await readFile(path, 'utf8')
  expect(text).toContain(right)
  await writeFile(path, text.replace(right, wrong))
  try {
    const said = await validate(packer, tree.directory('primary', 'amazon-ebs'), tree.variables('amazon-ebs'), '-syntax-only')
    expect(said).toEqual({ code: 1, output: expect.stringContaining('Error') })
  } finally {
    await writeFile(path, text)
  }
})
