import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LoadPlan } from '../../loadtests/plan.ts'
import { failureOf } from '../support/failures.ts'
import { type HttpReceiver, startHttpReceiver } from '../support/http-receiver.ts'
import { loadPlan } from '../support/load-plan.ts'
import { missedIn, runPlan } from '../support/load-run.ts'
import { until } from '../support/traces.ts'

let directory: string
const loadtests = join(import.meta.dirname, '../../loadtests')
const nobody = 'http://127.0.0.1:1'
const stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-load-'))
})
// The tests run side by side: each is little work, and seconds of load.
afterAll(async () => {
  for (const stop of stops) await stop()
  await rm(directory, { recursive: true })
})

/** Four seconds of load on one target, by all of the goals: a neighbour that nobody asks for is down. */
function plan(url: string, more: Partial<LoadPlan> = {}): LoadPlan {
  const targets = [
    { name: 'app', url },
    { name: 'down', url: nobody },
  ]
  const goals = { ...loadPlan([]).goals, p95Ms: 5_000, p99Ms: 8_000 }
  return loadPlan(targets, { goals, scenarios: ['isolation'], downTarget: 'down', ...more })
}

/** A server of which every answer takes so long. */
async function slowServer(answerAfterMs: number): Promise<string> {
  const server: Server = createServer(async (_, answer) => {
    await sleep(answerAfterMs)
    answer.end('late')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return `http://127.0.0.1:${address.port}`
}

async function receiver() {
  const started = await startHttpReceiver()
  stops.push(() => started.stop())
  return started
}

/** A script with our thresholds, and with flows of its own. */
async function scriptWith(flows: string): Promise<string> {
  const path = join(directory, `${randomUUID()}.ts`)
  const script = `
    import http from 'k6/http'
    import { judgedAnswers, lostRequests } from '${loadtests}/flows/measures.ts'
    import { optionsOf } from '${loadtests}/options.ts'
    import { summarize } from '${loadtests}/summarize.ts'
    const plan = JSON.parse(open(__ENV.PLAN_FILE))
    const trends = ['p(50)', 'p(95)', 'p(99)', 'max', 'count']
    export const options = { ...optionsOf(plan), summaryTrendStats: trends, systemTags: ['scenario', 'status', 'expected_response'] }
    export function probeNeighbour() {}
    export const handleSummary = (data) => ({ [__ENV.SUMMARY_FILE]: JSON.stringify(summarize(data, plan)) })
    ${flows}`
  await writeFile(path, script)
  return path
}

const ofApp = (missed: string[]) => missed.filter((one) => one.endsWith(' of app'))

test.concurrent('a target that answers well meets all of the goals', async () => {
  const { url } = await receiver()
  expect(await runPlan(plan(url))).toMatchObject({ ended: 'met' })
})

test.concurrent('a target that answers 500 misses success, and the samples of right answers that latency is judged by', async () => {
  const target = await receiver()
  target.always({ status: 500 })
  const result = await runPlan(plan(target.url))
  expect(result.ended).toBe('missed')
  expect(ofApp(missedIn(result))).toEqual(['success of app', 'rightAnswers of app'])
  expect(result.points.every(({ failed, requests, latencyMs }) => failed === requests && latencyMs === undefined)).toBe(true)
})

test.concurrent('a target with one wrong answer in ten is not good enough, whatever its status says', async () => {
  const target = await receiver()
  const requests = [
    ...Array.from({ length: 9 }, () => ({ method: 'GET' as const, path: '' })),
    { method: 'GET' as const, path: '', contains: 'ten' },
  ]
  const { targets, ...rest } = plan(target.url)
  const result = await runPlan({ ...rest, targets: targets.map((one) => (one.name === 'app' ? { ...one, requests } : one)) })
  expect(ofApp(missedIn(result))).toEqual(['success of app'])
})

test.concurrent('an unreachable target loses all of its requests', async () => {
  const result = await runPlan(plan(nobody))
  expect(result.ended).toBe('missed')
  expect(ofApp(missedIn(result))).toEqual(['lost of app', 'judgedAnswers of app', 'rightAnswers of app'])
  const [app] = result.summary?.scenarios ?? []
  expect(app).toMatchObject({ scenario: 'isolation', lost: app?.requests, failed: app?.requests })
  expect(app?.requests).toBeGreaterThanOrEqual(200)
})

test.concurrent('a redirect is not followed: it may lead to an address that nobody named', async () => {
  const [target, elsewhere] = [await receiver(), await receiver()]
  target.always({ status: 302, headers: { location: elsewhere.url } })
  const result = await runPlan(plan(target.url))
  expect(result).toMatchObject({ ended: 'met' })
  expect(target.requests.length).toBe(result.summary?.scenarios[0]?.requests)
  expect(elsewhere.requests).toEqual([])
})

test.concurrent('a generator that runs out of virtual users fails the run', async () => {
  const url = await slowServer(1_500)
  const result = await runPlan(plan(url, { limits: { virtualUsers: 5, durationSeconds: 60 } }))
  expect(result.ended).toBe('missed')
  expect(ofApp(missedIn(result))).toEqual(expect.arrayContaining(['dropped of app', 'requests of app']))
  expect(result.summary?.scenarios[0]?.dropped).toBeGreaterThan(0)
})

test.concurrent('a target that is too slow misses p95 and p99', async () => {
  const url = await slowServer(300)
  const goals = { ...loadPlan([]).goals, p95Ms: 100, p99Ms: 200 }
  expect(ofApp(missedIn(await runPlan(plan(url, { goals }))))).toEqual(['p95 of app', 'p99 of app'])
})

test.concurrent('where the system breaks, the run ends early and says by what', async () => {
  const url = await slowServer(300)
  const goals = { ...loadPlan([]).goals, p95Ms: 100, p99Ms: 5_000 }
  const targets = [{ name: 'app', url }]
  const result = await runPlan(loadPlan(targets, { profile: 'breakpoint', scenarios: ['breakpoint'], goals }))
  expect(result.ended).toBe('missed')
  expect(result.summary?.thresholds.filter(({ met }) => !met)).toMatchObject([{ key: 'p95', ends: true }])
  expect(result.summary?.seconds).toBeLessThan(300)
})

test.concurrent('iterations that throw before their first request pass nothing', async () => {
  const script = await scriptWith("export function sendRequests() { throw new Error('thrown on purpose') }")
  const { url } = await receiver()
  const result = await runPlan(plan(url), { script })
  expect(result.ended).toBe('missed')
  expect(ofApp(missedIn(result))).toEqual(['requests of app', 'judgedAnswers of app', 'rightAnswers of app'])
})

test.concurrent('iterations that throw after their request, before the answer is looked at, pass nothing', async () => {
  const flow = 'http.get(plan.targets[0].url); lostRequests.add(false)'
  const script = await scriptWith(`export function sendRequests() { ${flow}; throw new Error('thrown on purpose') }`)
  const { url } = await receiver()
  const result = await runPlan(plan(url), { script })
  expect([result.ended, ofApp(missedIn(result))]).toEqual(['missed', ['judgedAnswers of app']])
})

test.concurrent('a run without a request passes nothing', async () => {
  const script = await scriptWith('export function sendRequests() { judgedAnswers.add(0) }')
  const result = await runPlan(plan(nobody), { script })
  expect(result.ended).toBe('missed')
  expect(ofApp(missedIn(result))).toEqual(['requests of app', 'judgedAnswers of app', 'rightAnswers of app'])
  expect(result.points).toEqual([])
})

test.concurrent('websockets that nobody serves are not kept', async () => {
  const targets = [{ name: 'socket', url: 'ws://127.0.0.1:1' }]
  const result = await runPlan(loadPlan(targets, { scenarios: ['websockets'] }))
  expect([result.ended, missedIn(result)]).toEqual(['missed', ['websockets of socket']])
  expect(result.summary?.scenarios).toMatchObject([{ requests: 100, failed: 100 }])
})

test.concurrent('a plan beyond its limits is refused before any load, in words', async () => {
  const target = await receiver()
  const bad = plan(target.url, { limits: { virtualUsers: 500, durationSeconds: 3 } })
  const measured = ['isolation_app']
  const failure = await failureOf(runPlan(plan(target.url), { plan: bad, measured }))
  expect(failure).toMatchObject({ kind: 'config', code: 'exit 107', subject: 'k6' })
  expect(failure.message).toContain('this takes 4 s, and limits.duration is 3 s')
  expect(target.requests).toEqual([])
})

test.concurrent('a run without a summary is a failed run, though k6 ends with 0', async () => {
  const script = await scriptWith('export function sendRequests() {}')
  await writeFile(script, 'export default function () {}')
  expect(await failureOf(runPlan(plan(nobody), { script }))).toMatchObject({ kind: 'permanent', code: 'NoSummary' })

  await writeFile(
    script,
    "export default function () {}\nexport function handleSummary() { throw new Error('no summary today') }",
  )
  const failure = await failureOf(runPlan(plan(nobody), { script }))
  expect(failure).toMatchObject({ kind: 'permanent', code: 'NoSummary', message: expect.stringContaining('no summary today') })
})

test.concurrent('an import from the network or of an extension is refused, and nothing is fetched', async () => {
  const script = await scriptWith('')
  await writeFile(script, "import sql from 'k6/x/sql'\nexport default function () { sql.open() }")
  expect(await failureOf(runPlan(plan(nobody), { script }))).toMatchObject({ code: 'exit 107', kind: 'config' })
})

test.concurrent('aborting stops the load, and keeps what was measured until then', async () => {
  const target = await receiver()
  const stop = new AbortController()
  const running = runPlan(plan(target.url, { arrangedSeconds: 600 }), { signal: stop.signal })
  await until('requests come', async () => target.requests.length > 100, 60_000)
  stop.abort()
  const result = await running
  expect(result).toMatchObject({ ended: 'interrupted', reason: { code: 'Aborted' } })
  expect(result.points.length).toBeGreaterThan(0)
  expect(result.summary?.scenarios[0]?.requests).toBeGreaterThan(100)
  const after = target.requests.length
  await sleep(1_000)
  expect(target.requests.length).toBe(after)
})

/** Runs ten minutes of load in a process group of its own, and resolves once requests come. */
async function loadInOwnGroup(): Promise<{ group: number; target: HttpReceiver; output: Promise<string> }> {
  const target = await receiver()
  const program = join(import.meta.dirname, '../support/programs/run-load-plan.ts')
  const long = JSON.stringify(plan(target.url, { arrangedSeconds: 600 }))
  const child = spawn(process.execPath, [program, long], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const output = text(child.stdout)
  await until('requests come', async () => target.requests.length > 50, 60_000)
  if (child.pid === undefined) throw new Error('The program was not started')
  return { group: -child.pid, target, output }
}

test.concurrent('Ctrl-C, which the whole process group gets, stops the load and leaves a summary', async () => {
  const { group, output } = await loadInOwnGroup()
  process.kill(group, 'SIGINT')
  expect(await output).toBe('started\n{"ended":"interrupted","hasSummary":true}\n')
})

test.concurrent('when the process that made load is killed, the load ends too', async () => {
  const { group, target } = await loadInOwnGroup()
  process.kill(group, 'SIGKILL')
  await until('no more requests come', () => stoodStill(target), 60_000)
})

/** Whether no request came for as long as 50 would have come in. */
async function stoodStill({ requests }: HttpReceiver): Promise<boolean> {
  const before = requests.length
  await sleep(1_000)
  return requests.length === before
}

test.concurrent('a run over its time limit is stopped and is no success', async () => {
  const target = await receiver()
  const pids: number[] = []
  const result = await runPlan(plan(target.url, { arrangedSeconds: 600 }), {
    timeoutMs: 4_000,
    onStart: (pid) => pids.push(pid),
  })
  expect(pids.map((pid) => existsSync(`/proc/${pid}`))).toEqual([false])
  expect(result).toMatchObject({ ended: 'interrupted', reason: { code: 'TIMEOUT' } })
})

test.concurrent('a k6 that is not there is named', async () => {
  const failure = await failureOf(runPlan(plan(nobody), { program: join(directory, 'k6') }))
  expect(failure).toMatchObject({ kind: 'config', code: 'ENOENT' })
})
