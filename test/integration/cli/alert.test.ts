import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'
import { sample } from '../../unit/config/sample.ts'

let receiver: HttpReceiver
const cli = useCommandLine(() => ({ SLACK_WEBHOOK: `${receiver.url}/services/xyzzyxyzzy`, HOOK_KEY: 'signing-key' }))

beforeAll(async () => {
  receiver = await startHttpReceiver()
  const channels = [
    { type: 'slack', name: 'chat', webhook: { env: 'SLACK_WEBHOOK' } },
    { type: 'webhook', name: 'own', url: receiver.url, signingKey: { env: 'HOOK_KEY' } },
    { type: 'webhook', name: 'broken', url: receiver.url, signingKey: { env: 'NOT_SET' } },
  ]
  const alerts = { language: 'pt-BR', channels, critical: ['own', 'chat'], warning: ['broken', 'chat'] }
  await define('shop.json', { ...sample, alerts })
  await define('silent.json', sample)
})
afterEach(() => receiver.reset())
afterAll(() => receiver?.stop())

function define(name: string, definition: unknown): Promise<void> {
  return writeFile(join(cli.directory(), name), JSON.stringify(definition))
}

const config = ['--config', 'shop.json']

test('each channel gets a test message, and the one that does not take it makes the exit code 1', async () => {
  const { code, stdout, stderr } = await cli.run(['alert', 'test', ...config])
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^channels\n {2}ok +chat +took the message\n {2}ok +own +took the message\n {2}FAIL +broken +the secret "env NOT_SET" is not set/,
  )
  expect(stderr).toContain('ballast alert test: not well: channels: broken')
  expect(receiver.requests.length).toBe(2)
  const [hook] = receiver.requests.flatMap(({ path, body }) => (path === '/' ? [JSON.parse(body)] : []))
  expect(hook).toMatchObject({ type: 'test', severity: 'warning', cluster: 'shop', title: '[shop] TESTE: test - own' })
  expect(hook.text).toContain('Este é um teste dos canais de alerta do Ballast')
})

test('of a severity only its channels are tried, in an outcome for other programs', async () => {
  const { code, outcome } = await cli.outcome(['alert', 'test', ...config, '--severity', 'critical'])
  expect(code).toBe(0)
  expect(outcome).toMatchObject({
    operation: 'alert test',
    subject: 'shop',
    ok: true,
    numbers: { checksOk: 2, checksFailed: 0 },
  })
  const hook = receiver.requests.find(({ path }) => path === '/')
  expect(JSON.parse(hook?.body ?? '')).toMatchObject({ severity: 'critical' })
})

test('one channel alone', async () => {
  const { code } = await cli.run(['alert', 'test', ...config, '--channel', 'chat'])
  expect(code).toBe(0)
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/services/xyzzyxyzzy'])
})

test('a channel that refuses is named with what to do, and its secret is not', async () => {
  receiver.always({ status: 404, echo: true })
  const { code, stdout, stderr } = await cli.run(['alert', 'test', ...config, '--channel', 'chat'])
  expect(code).toBe(1)
  expect(stdout).toContain('The channel "chat" answered with status 404')
  expect(stdout).toContain('-> Make a new incoming webhook in Slack')
  expect(stdout + stderr).not.toContain('xyzzy')
})

test.each<[string, string[], string]>([
  ['no such channel', [...config, '--channel', 'pager'], 'the definition has no channel "pager"'],
  [
    'not of this severity',
    [...config, '--channel', 'own', '--severity', 'warning'],
    'the severity warning has no channel "own"',
  ],
  ['no channels', ['--config', 'silent.json'], 'the definition has no alert channels'],
  ['no definition', [], 'there is no definition that could have channels'],
])('%s: exit code 2, and what to do', async (_, args, message) => {
  const { code, stderr } = await cli.run(['alert', 'test', ...args])
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(receiver.requests).toEqual([])
})
