import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { changed, sample } from '../../unit/config/sample.ts'

const cli = useCommandLine(() => ({}))
const inPlace = (name: string): string => join(cli.directory(), name)

beforeEach(async () => {
  // Nothing listens there.
  const nowhere = Object.fromEntries([0, 1, 2].map((index) => [`nodes[${index}].hostName`, 'localhost']))
  const definition = changed(sample, { ...nowhere, environment: 'staging', 'firewall.sshPort': 1 })
  await writeFile(inPlace('shop.json'), JSON.stringify(definition))
})

const rehearse = (...args: string[]) => cli.outcome(['rehearse', '--config', 'shop.json', ...args])

test('machines that cannot be reached are named, and no drill is begun', async () => {
  const { code, outcome } = await rehearse('--yes')
  expect({ code, outcome }).toMatchObject({
    code: 2,
    outcome: {
      failure: {
        kind: 'config',
        message: expect.stringMatching(/^3 of 3 machines cannot be rehearsed on, and nothing was changed:\n.*^db-1: /ms),
        hint: 'Do what is said of each machine above, and run this again.',
      },
    },
  })
  expect(await readdir(cli.directory())).not.toContain('results')
})

test('a directory that holds no image is refused', async () => {
  await mkdir(inPlace('empty'), { recursive: true })
  const { code, outcome } = await rehearse('--images', 'empty')
  expect({ code, outcome }).toMatchObject({ code: 3, outcome: { failure: { message: 'the image has no manifest' } } })
})

test('a sandbox and images exclude each other', async () => {
  const { code, stderr } = await cli.run(['rehearse', '--sandbox', '--images', 'empty'])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be used with') })
})
