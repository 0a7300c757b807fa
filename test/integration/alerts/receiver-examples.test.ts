import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sign } from '../../../functions/platform/alerts/channels/webhook.ts'
import { deliver } from '../../../functions/platform/alerts/deliver.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { findPython } from '../../../functions/platform/python/python-environment.ts'
import { holdSecret } from '../../../functions/platform/secrets/held-secret.ts'
import { alertMessage, quickLimits } from '../../support/alert-messages.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { type HttpReceiver, type Received, startHttpReceiver } from '../../support/http-receiver.ts'

const directory = freshDirectory()
const key = 'a-key-of-their-own'
let receiver: HttpReceiver
let received: Received
let guide = ''

beforeAll(async () => {
  guide = await readFile(join(import.meta.dirname, '../../../docs/alerts.md'), 'utf8')
  receiver = await startHttpReceiver()
  await deliver({ type: 'webhook', name: 'own', url: receiver.url, signingKey: holdSecret(key) }, alertMessage(), quickLimits)
  const [request] = receiver.requests
  if (request === undefined) throw new Error('nothing was received')
  received = request
})
afterAll(() => receiver?.stop())

/** The code of the guide in one language. */
function example(language: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(guide) ?? []
  if (code === undefined) throw new Error(`the guide has no example in ${language}`)
  return code
}

/** The message as it came, and what must not pass for it. */
function attempts(): [what: string, headers: Received['headers'], body: string, key: string, genuine: boolean][] {
  const { headers, body } = received
  const id = String(headers['webhook-id'])
  const oldTime = Number(headers['webhook-timestamp']) - 600
  const old = { ...headers, 'webhook-timestamp': String(oldTime) }
  const replayed = { ...old, 'webhook-signature': sign(key, id, oldTime, body) }
  return [
    ['as it came', headers, body, key, true],
    ['another body', headers, body.replace('64 MB', '65 MB'), key, false],
    ['another id', { ...headers, 'webhook-id': 'x' }, body, key, false],
    ['another time', old, body, key, false],
    ['a genuine one of ten minutes ago', replayed, body, key, false],
    ['another key', headers, body, 'x', false],
  ]
}

test('the example in JavaScript tells a genuine message', async () => {
  await mkdir(directory())
  const file = join(directory(), 'example.mjs')
  await writeFile(file, `${example('js')}\nexport { isGenuine }\n`)
  const { isGenuine } = await import(pathToFileURL(file).href)
  for (const [what, headers, body, by, genuine] of attempts()) {
    expect([what, isGenuine(headers, Buffer.from(body), by)]).toEqual([what, genuine])
  }
})

test('the example in Python tells a genuine message', async () => {
  const script = `${example('python')}
import json, sys
for what, headers, body, key, _ in json.load(sys.stdin):
    print(what, is_genuine(headers, body.encode(), key.encode()))
`
  const python = (await findPython(process.env)) ?? 'python3'
  const input = Buffer.from(JSON.stringify(attempts()))
  const { stdout } = await run({ command: python, args: ['-c', script], env: { LC_ALL: 'C.UTF-8' }, input })
  expect(stdout.trim().split('\n')).toEqual(attempts().map(([what, , , , genuine]) => `${what} ${genuine ? 'True' : 'False'}`))
})
