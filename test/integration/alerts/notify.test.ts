import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { alertsKey } from '../../../functions/archive/keys.ts'
import { parseState } from '../../../functions/platform/alerts/alert-state.ts'
import { type NotifyContext, notify } from '../../../functions/platform/alerts/notify.ts'
import type { NotifyReport } from '../../../functions/platform/alerts/notify-report.ts'
import type { Observation } from '../../../functions/platform/alerts/observation.ts'
import type { AlertChannel, AlertSettings } from '../../../functions/platform/alerts/settings.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { type ObjectStore, smallObjectBytes } from '../../../functions/platform/object-store/store.ts'
import { holdSecret } from '../../../functions/platform/secrets/held-secret.ts'
import type { S3Server } from '../../../sandbox/s3-server.ts'
import { quickLimits } from '../../support/alert-messages.ts'
import { failureOf } from '../../support/failures.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'
import { observed, twoOfThree } from '../../support/observations.ts'
import { takingTurns } from '../../support/turn-taking-store.ts'
import { startVersitygw } from '../../support/versitygw.ts'

const key = alertsKey('shop')
const startMs = Date.parse('2026-11-22T06:00:00Z')
const [well, bad] = [observed('well'), observed('critical')]
const failedRun = observed('critical', { key: 'backup/app', name: 'backup', immediate: true })

let chat: HttpReceiver
let mail: HttpReceiver
let s3: S3Server
let directory = ''
let store: ObjectStore
let nowMs = startMs

beforeAll(async () => {
  ;[chat, mail, s3] = await Promise.all([startHttpReceiver(), startHttpReceiver(), startVersitygw()])
  directory = await mkdtemp(join(tmpdir(), 'ballast-alerts-'))
})
beforeEach(() => {
  nowMs = startMs
})
afterEach(() => {
  chat.reset()
  mail.reset()
  store.close()
})
afterAll(async () => {
  await Promise.all([chat?.stop(), mail?.stop(), s3?.stop()])
  await rm(directory, { recursive: true, force: true })
})

function webhook(name: string, { url }: HttpReceiver): AlertChannel {
  return { type: 'webhook', name, url, signingKey: holdSecret('signing-key') }
}

/** Critical alerts go to chat, then to mail; warnings to mail alone. */
function settings(more: Partial<AlertSettings> = {}): AlertSettings {
  const order = { critical: ['chat', 'mail'], warning: ['mail'] }
  return {
    ...twoOfThree,
    cluster: 'shop',
    language: 'en',
    channels: [webhook('chat', chat), webhook('mail', mail)],
    order,
    ...more,
  }
}

/** One poll, a minute after the one before. */
async function poll(
  observations: readonly Observation[],
  more: Partial<AlertSettings> = {},
  context: Partial<NotifyContext> = {},
): Promise<NotifyReport> {
  nowMs += 60_000
  return await notify(observations, settings(more), { store, stateKey: key, nowMs, limits: quickLimits, ...context })
}

/** Types of the messages that a receiver got, in order. */
const heardBy = ({ requests }: HttpReceiver): string[] => requests.map(({ body }) => JSON.parse(body).type)

async function stateNow(): Promise<ReturnType<typeof parseState>> {
  const found = await store.readSmall(key)
  return parseState(found?.bytes ?? Buffer.from(''))
}

const stores: [string, () => ObjectStore][] = [
  ['a directory', () => openStore({ type: 'file', directory: join(directory, randomUUID()) })],
  [
    'an S3 bucket',
    () => {
      const { bucket, endpoint, region } = s3
      return openStore({ type: 's3', bucket, prefix: randomUUID(), endpoint, region, provider: 'versitygw' })
    },
  ],
]

describe.each(stores)('with the state in %s', (_, open) => {
  beforeEach(() => {
    store = open()
  })

  test('an alert is told once, repeated after the interval, and its end told', async () => {
    const reports: NotifyReport[] = []
    for (const found of [well, bad, bad, bad]) reports.push(await poll([found]))
    expect(heardBy(chat)).toEqual(['raise'])
    nowMs += 3_600_000
    for (const found of [bad, bad, well, well, well]) reports.push(await poll([found]))
    expect(heardBy(chat)).toEqual(['raise', 'reminder', 'recovery'])
    expect(heardBy(mail)).toEqual([])
    expect(reports.map(({ ok }) => ok)).toEqual(reports.map(() => true))
    expect(await stateNow()).toEqual({ entries: [] })
  })

  test('what is well writes nothing', async () => {
    await poll([well])
    expect(await store.head(key)).toBeUndefined()
  })

  test('of two runs at one moment only one tells it', async () => {
    await poll([bad])
    const turns = takingTurns(store, 2)
    const reports = await Promise.all([1, 2].map(() => poll([bad], {}, { store: turns, nowMs: startMs + 120_000 })))
    expect(heardBy(chat)).toEqual(['raise'])
    expect(reports.map(({ events }) => events.length).sort()).toEqual([0, 1])
    expect(reports.map(({ ok }) => ok)).toEqual([true, true])
  })

  test('a state that is damaged is replaced once', async () => {
    await store.put(key, Buffer.from('{"format":1'))
    await poll([bad])
    const report = await poll([bad])
    expect(heardBy(chat)).toEqual(['raise'])
    expect(report).toMatchObject({ ok: true, problems: [] })
    expect(await stateNow()).toMatchObject({ entries: [{ key: bad.key }] })
  })

  test.each([
    ['{"format":1', 'is no JSON'],
    ['{"format":9,"entries":[]}', 'has the format 9 of a newer Ballast'],
    ['x'.repeat(smallObjectBytes + 1), 'is far too large'],
  ])('%.12s is reported and begun anew', async (text, fault) => {
    await store.put(key, Buffer.from(text))
    const report = await poll([failedRun])
    const message = `The state of alerts ${fault}; it was begun anew, and alerts that stand are told again (${store.location}/${key})`
    expect(report).toMatchObject({ ok: true, problems: [{ status: 'warn', message }] })
    expect(heardBy(chat)).toEqual(['raise'])
    expect(await stateNow()).toMatchObject({ entries: [{ key: failedRun.key }] })
  })
})

describe('in a directory', () => {
  beforeEach(() => {
    store = openStore({ type: 'file', directory: join(directory, randomUUID()) })
  })

  test('many runs at once, unordered, tell it once', async () => {
    await poll([bad])
    const reports = await Promise.all(Array.from({ length: 5 }, () => poll([bad])))
    expect(heardBy(chat)).toEqual(['raise'])
    // A run that always comes second says so; what it found is not lost to the others.
    const busy = reports.flatMap(({ problems }) => problems).filter(({ message }) => !message.includes('changed the state'))
    expect(busy).toEqual([])
  })

  test('where a channel fails the next one is told, and hears of the end as well', async () => {
    chat.always({ status: 500, body: 'down' })
    await poll([bad])
    const report = await poll([bad])
    expect(report.ok).toBe(true)
    expect(report.events).toMatchObject([
      {
        heard: true,
        deliveries: [
          { channel: 'chat', delivered: false, attempts: 3, failure: { code: 'Http500' } },
          { channel: 'mail', delivered: true, attempts: 1 },
        ],
      },
    ])
    chat.reset()
    await poll([well])
    await poll([well])
    expect([heardBy(chat), heardBy(mail)]).toEqual([[], ['raise', 'recovery']])
  })

  test('the end of an alert reaches each channel that was told of it, once, also one that was down when it ended', async () => {
    for (const found of [bad, bad]) await poll([found])
    chat.always({ status: 500, body: 'down' })
    await poll([well])
    const ended = await poll([well])
    expect(ended).toMatchObject({
      ok: true,
      events: [{ heard: true, deliveries: [{ delivered: false }, { delivered: true }] }],
    })
    const still = await poll([well])
    expect(still).toMatchObject({ ok: true, events: [{ heard: true, deliveries: [{ channel: 'chat', delivered: false }] }] })
    chat.reset()
    for (const found of [well, well]) await poll([found])
    expect([heardBy(chat), heardBy(mail)]).toEqual([['recovery'], ['recovery']])
    expect(JSON.parse(chat.requests[0]?.body ?? '')).not.toHaveProperty('followsUp')
    expect(await stateNow()).toEqual({ entries: [] })
  })

  test('a channel that refuses the end of an alert for good is not asked again', async () => {
    for (const found of [bad, bad]) await poll([found])
    chat.always({ status: 404 })
    for (const found of [well, well]) await poll([found])
    expect((await poll([well])).events).toEqual([])
    expect(await stateNow()).toEqual({ entries: [] })
  })

  test('a channel that failed is not waited for again in the same run', async () => {
    chat.always({ status: 500 })
    const found = ['a', 'b', 'c'].map((name) => ({ ...failedRun, key: name }))
    const { events } = await poll(found)
    expect(chat.requests.length).toBe(3)
    expect(events.map(({ deliveries }) => deliveries.map(({ attempts }) => attempts))).toEqual([
      [3, 1],
      [0, 1],
      [0, 1],
    ])
  })

  test('where nobody takes it the run is not well, and the next run tells it', async () => {
    chat.always({ status: 404 })
    mail.always('close')
    await poll([bad])
    const deaf = await poll([bad])
    expect(deaf).toMatchObject({ ok: false, events: [{ heard: false }] })
    chat.reset()
    const later = await poll([well])
    expect(later).toMatchObject({ ok: true, events: [{ event: { type: 'raise' }, heard: true }] })
    expect(heardBy(chat)).toEqual(['raise'])
  })

  test('a channel whose secret is missing does not silence the others', async () => {
    const failure = new Failure('the secret "env SLACK" is not set', { kind: 'config', subject: 'env SLACK', hint: 'Set it.' })
    const channels: AlertChannel[] = [{ type: 'unusable', name: 'chat', failure }, webhook('mail', mail)]
    const report = await poll([failedRun], { channels })
    expect(report).toMatchObject({
      ok: true,
      events: [{ deliveries: [{ failure: { message: failure.message } }, { channel: 'mail' }] }],
    })
    expect(heardBy(mail)).toEqual(['raise'])
  })

  test('a warning that becomes critical reaches those who are told of critical things', async () => {
    for (const found of [observed('warning'), observed('warning'), bad, bad]) await poll([found])
    expect([heardBy(mail), heardBy(chat)]).toEqual([['raise'], ['worse']])
    await poll([well])
    await poll([well])
    expect([heardBy(mail), heardBy(chat)]).toEqual([
      ['raise', 'recovery'],
      ['worse', 'recovery'],
    ])
  })

  test('without channels there is nobody to tell, and nothing is owed', async () => {
    const report = await poll([failedRun], { channels: [], order: { critical: [], warning: [] } })
    expect(report).toMatchObject({ ok: true, events: [{ heard: false, deliveries: [] }] })
    expect((await poll([failedRun], { channels: [], order: { critical: [], warning: [] } })).events).toEqual([])
  })

  test('a run that is stopped ends with its reason, and leaves what nobody took to the next one', async () => {
    chat.always('hang')
    mail.always('hang')
    const stop = new AbortController()
    const limits = { ...quickLimits, attemptMs: 60_000, deliveryMs: 60_000 }
    const stopped = failureOf(poll([failedRun], {}, { signal: stop.signal, limits }))
    while (chat.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort(
      new Failure('stopped by SIGTERM', { kind: 'transient', subject: 'the run', hint: 'Start it again.', code: 'Aborted' }),
    )
    expect(await stopped).toMatchObject({ code: 'Aborted', message: 'stopped by SIGTERM' })
    chat.reset()
    mail.reset()
    await poll([])
    expect(heardBy(chat)).toEqual(['raise'])
  })
})

describe('where the store does not answer', () => {
  beforeEach(() => {
    const endpoint = 'http://127.0.0.1:9'
    store = openStore({ type: 's3', bucket: 'gone', prefix: '', region: 'us-east-1', endpoint }, { attempts: 1 })
  })

  test('the failure of a run is told all the same, and polls are not', async () => {
    const report = await poll([failedRun, bad])
    expect(report.ok).toBe(false)
    expect(report.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The state of alerts could not be read or changed, so polls raise no alert: .*ECONNREFUSED/),
    ])
    expect(report.events.map(({ event, heard }) => [event.key, heard])).toEqual([['backup/app', true]])
    expect(heardBy(chat)).toEqual(['raise'])
  })
})
