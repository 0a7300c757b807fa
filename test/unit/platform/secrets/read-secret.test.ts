import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSecret } from '../../../../functions/platform/secrets/read-secret.ts'
import { credentialName } from '../../../../functions/platform/secrets/secret-reference.ts'
import { failureOf } from '../../../support/failures.ts'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-secrets-'))
  await writeFile(join(directory, 'line'), 'hunter2\n')
  await writeFile(join(directory, 'two'), 'a\nb\n\n')
  await writeFile(join(directory, 'empty'), '\n')
  await writeFile(join(directory, 'large'), 'x'.repeat(70_000))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('a variable, and a file without its last newline', async () => {
  expect(await readSecret({ env: 'PW' }, { PW: ' hunter2 ' })).toBe(' hunter2 ')
  expect(await readSecret({ file: join(directory, 'line') }, {})).toBe('hunter2')
  expect(await readSecret({ file: join(directory, 'two') }, {})).toBe('a\nb\n')
})

describe('in a service of systemd', () => {
  const given = async (files: Record<string, string>): Promise<Record<string, string>> => {
    const own = await mkdtemp(join(directory, 'credentials-'))
    for (const [name, text] of Object.entries(files)) await writeFile(join(own, name), text)
    return { CREDENTIALS_DIRECTORY: own }
  }

  test('what was handed over goes before the environment and the file', async () => {
    const line = join(directory, 'line')
    const env = await given({ PW: 'handed\n', [credentialName({ file: line }) ?? '']: 'over\n' })
    expect(await readSecret({ env: 'PW' }, { ...env, PW: 'inherited' })).toBe('handed')
    expect(await readSecret({ file: line }, env)).toBe('over')
  })

  test('what was not handed over is where it is elsewhere', async () => {
    const env = await given({})
    expect(await readSecret({ env: 'PW' }, { ...env, PW: 'inherited' })).toBe('inherited')
    expect(await readSecret({ file: join(directory, 'line') }, env)).toBe('hunter2')
  })

  test('what was handed over empty or cannot be read is a failure, and nothing else is looked at', async () => {
    const env = await given({ PW: '\n' })
    expect((await failureOf(readSecret({ env: 'PW' }, { ...env, PW: 'inherited' }))).message).toBe(
      'the secret "env PW" is empty',
    )
    await mkdir(join(env.CREDENTIALS_DIRECTORY ?? '', 'DIR'))
    const failure = await failureOf(readSecret({ env: 'DIR' }, { ...env, DIR: 'inherited' }))
    expect(failure.message).toBe('the secret "env DIR" cannot be read (EISDIR)')
  })
})

test.each([
  ['a missing variable', { env: 'PW' }, {}, 'the secret "env PW" is not set'],
  ['an empty variable', { env: 'PW' }, { PW: '' }, 'the secret "env PW" is empty'],
  ['a missing file', { file: '/no/such' }, {}, 'the secret "file /no/such" cannot be read (ENOENT)'],
  ['a secret of AWS without a region', { secret: 'shop/db' }, {}, /^Reading the secret failed: .*Region is missing/],
])('%s is a failure that says so', async (_, ref, env, message) => {
  const failure = await failureOf(readSecret(ref, env))
  expect(failure.kind).toBe('config')
  expect(failure.message).toMatch(message)
  expect(failure.hint).not.toBe('')
})

test.each(['empty', 'large'])('a file that is %s is refused', async (name) => {
  const failure = await failureOf(readSecret({ file: join(directory, name) }, {}))
  expect(failure.kind).toBe('config')
  expect(failure.message).not.toContain('xxx')
})
