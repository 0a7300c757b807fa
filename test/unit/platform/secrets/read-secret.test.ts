import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSecret } from '../../../../functions/platform/secrets/read-secret.ts'
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

test.each([
  ['a missing variable', { env: 'PW' }, {}, 'the secret "env PW" is not set'],
  ['an empty variable', { env: 'PW' }, { PW: '' }, 'the secret "env PW" is empty'],
  ['a missing file', { file: '/no/such' }, {}, 'the secret "file /no/such" cannot be read (ENOENT)'],
  ['a secret of AWS', { secret: 'shop/db' }, {}, /^the secret "secret shop\/db" is kept in AWS Secrets Manager/],
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
