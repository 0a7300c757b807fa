import { afterAll, beforeAll, expect, test } from 'vitest'
import { RequestStream } from '../../../handover/drills/failover/request-stream.ts'
import { requireK6 } from '../../../tools/k6/find.ts'
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts'
import { loadPlan } from '../../support/load-plan.ts'

const { signal } = new AbortController()
let right: HttpReceiver
let wrong: HttpReceiver

beforeAll(async () => {
  right = await startHttpReceiver()
  wrong = await startHttpReceiver()
  wrong.always({ status: 404 })
})
afterAll(() => Promise.all([right.stop(), wrong.stop()]))

function plan() {
  const targets = Object.entries({ right, wrong }).map(([name, { url }]) => ({ name, url }))
  const limits = { virtualUsers: 20, durationSeconds: 3_600 }
  return loadPlan(targets, { scenarios: ['failover'], arrangedSeconds: 120, limits })
}

test('who answers is known while requests go on, and how each target answered when they are ended', async () => {
  const { path } = await requireK6(process.env)
  const stream = new RequestStream(path, plan(), signal)
  await expect.poll(() => right.requests.length, { timeout: 60_000 }).toBeGreaterThan(0)
  expect(await stream.silentSince(0, 3_000)).toEqual(['wrong'])
  const momentMs = Date.now()
  right.always('close')
  wrong.reset()
  expect(await stream.silentSince(momentMs + 500, 3_000)).toEqual(['right'])
  right.reset()
  expect(await stream.silentSince(Date.now(), 60_000)).toEqual([])

  const answers = await stream.answers()
  await stream.end()
  expect(answers.map(({ target }) => target).sort()).toEqual(['right', 'wrong'])
  for (const { requests, failed, gap } of answers) {
    expect(failed).toBeGreaterThan(0)
    expect(requests).toBeGreaterThan(failed)
    expect(gap.recovered).toBe(true)
    expect(gap.toMs - gap.fromMs).toBeGreaterThan(2_000)
  }
})

test('a k6 that cannot be started is no application that does not answer', async () => {
  const stream = new RequestStream('/nowhere/k6', plan(), signal)
  await expect(stream.silentSince(0, 60_000)).rejects.toThrow('k6 could not be started')
  await expect(stream.answers()).rejects.toThrow('k6 could not be started')
  await expect(stream.end()).resolves.toBeUndefined()
})
