import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BUILDERS } from '../../../packer/builders/all.ts'
import { IMAGE_ROLES } from '../../../packer/roles.ts'
import { referenceCluster } from '../../support/definitions.ts'
import { debianPacker, useTemplateTree, validate } from '../../support/packer.ts'

const builders = BUILDERS.map(({ name }) => name)
const pairs = IMAGE_ROLES.flatMap((role) => builders.map((builder) => ({ role, builder })))
const tree = useTemplateTree(await referenceCluster(), 'legacy')
const packer = await debianPacker()

test.each(pairs)('Packer accepts $role on $builder', async ({ role, builder }) => {
  const said = await validate(packer, tree.directory(role, builder), tree.variables(builder))
  expect(said).toEqual({ code: 0, output: expect.not.stringContaining('Error') })
})

test.each(builders)('Packer refuses a misspelt key of %s', async (builder) => {
  const file = join(tree.directory('primary', builder), 'image.pkr.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"communicator"', '"comunicator"'))
  try {
    const said = await validate(packer, tree.directory('primary', builder), tree.variables(builder))
    expect(said).toEqual({ code: 1, output: expect.stringContaining('Did you mean "communicator"?') })
  } finally {
    await writeFile(file, text)
  }
})

test.each(['commit', 'date'])('no image is made without its %s', async (name) => {
  const { [name]: _, ...rest } = tree.variables('amazon-ebs')
  const said = await validate(packer, tree.directory('primary', 'amazon-ebs'), rest)
  expect(said).toEqual({ code: 1, output: expect.stringContaining(name) })
})

test('a date that is none is refused', async () => {
  const variables = { ...tree.variables('qemu'), date: 'yesterday' }
  const said = await validate(packer, tree.directory('primary', 'qemu'), variables)
  expect(said).toEqual({ code: 1, output: expect.stringContaining('The date must be written as in 2026-11-26T22:00:00Z.') })
})

test.each(['[]', '["0.0.0.0/0"]', '["203.0.113.7/32", "::/0"]'])('no machine that bakes is open to %s', async (networks) => {
  for (const builder of ['amazon-ebs', 'azure-arm'] as const) {
    const variables = { ...tree.variables(builder), bake_networks: networks }
    const said = await validate(packer, tree.directory('docker', builder), variables)
    expect(said).toEqual({ code: 1, output: expect.stringContaining('never the whole Internet') })
  }
})
