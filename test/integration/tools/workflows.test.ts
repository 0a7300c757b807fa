import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { run } from '../../../functions/platform/process/run.ts'
import { actionlintPath } from '../../../tools/actionlint/build.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

interface Workflow {
  permissions: Record<string, string>
  jobs: Record<string, { permissions?: Record<string, string>; environment?: string; needs?: string }>
}

const directory = join(import.meta.dirname, '../../../.github/workflows')
const made = freshDirectory()
const texts = new Map<string, string>()
let lint: string

beforeAll(async () => {
  lint = await actionlintPath()
  for (const file of await readdir(directory)) texts.set(file, await readFile(join(directory, file), 'utf8'))
})

/** What actionlint, and shellcheck by it, find in a file; empty where nothing is wrong. */
async function findings(file: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? '' }
  const said = run({ command: lint, args: ['-no-color', '-oneline', file], env })
  return await said.then(({ stdout }) => stdout).catch(({ message }: Error) => message)
}

describe('the workflows', () => {
  test('are the two that there are, and their judge finds nothing', async () => {
    expect([...texts.keys()]).toEqual(['check.yml', 'release.yml'])
    for (const file of texts.keys()) expect(await findings(join(directory, file))).toBe('')
  })

  test.each([
    ['an unknown key', 'runs-on: ubuntu-24.04', 'runs-on: ubuntu-24.04\n    runs-one: ubuntu-24.04'],
    ['a need of no job', 'needs: bake', 'needs: bakes'],
    ['an unquoted word in shell', 'images publish', 'images publish $1'],
    ['a context that does not exist', 'vars.BALLAST_REGION', 'var.BALLAST_REGION'],
  ])('with %s would not pass', async (_, from, to) => {
    const text = texts.get('release.yml') ?? ''
    expect(text).toContain(from)
    await mkdir(made())
    await writeFile(join(made(), 'release.yml'), text.replace(from, to))
    expect(await findings(join(made(), 'release.yml'))).not.toBe('')
  })

  test('name every action by its commit', () => {
    const uses = [...texts.values()].flatMap((text) => [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action))
    expect(uses.length).toBeGreaterThan(4)
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('may read the repository and nothing more; only what publishes may ask for an identity', () => {
    for (const [file, text] of texts) {
      const { permissions, jobs } = parse(text) as Workflow
      expect(permissions).toEqual({ contents: 'read' })
      const more = Object.entries(jobs).flatMap(([name, job]) => (job.permissions ? [[name, job.permissions]] : []))
      expect(more).toEqual(file === 'release.yml' ? [['publish', { contents: 'read', 'id-token': 'write' }]] : [])
      expect(text).not.toContain('secrets.')
    }
  })

  test('publish nothing before all images have passed, and only in the environment that somebody guards', () => {
    const { jobs } = parse(texts.get('release.yml') ?? '') as Workflow
    expect(jobs.publish).toMatchObject({ needs: 'bake', environment: 'release' })
  })
})
