import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ClusterInput, defineCluster } from '../../../../config/index.ts'
import { Failure } from '../../../../functions/platform/failure.ts'
import type { Outcome } from '../../../../functions/platform/outcome.ts'
import { createHandler } from '../../../../functions/runtime/lambda/create-handler.ts'
import type { ScheduledRun } from '../../../../functions/runtime/scheduled.ts'
import { sample } from '../../config/sample.ts'

// Keeps the history of runs.
const directory = mkdtempSync(join(tmpdir(), 'ballast-handler-'))
const input = structuredClone(sample) as unknown as ClusterInput
const cluster = defineCluster({ ...input, backup: { ...input.backup, stores: [{ type: 'file', name: 'main', directory }] } })
const definition = () => Promise.resolve(cluster)
const well: Outcome = {
  operation: 'freshness',
  subject: 'shop',
  ok: true,
  numbers: { seconds: 2, sets: 3, newestBytes: 4, set: 'x' },
}
type Context = Parameters<ReturnType<typeof createHandler>>[1]
const context = (remainingMs = 60_000) => ({ getRemainingTimeInMillis: () => remainingMs }) as Context

/** What the function wrote, as objects. */
let lines: Record<string, unknown>[]
beforeEach(() => {
  lines = []
  const keep = (text: unknown): boolean => {
    lines.push(
      ...String(text)
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    )
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rm(directory, { recursive: true }))

test('the outcome is the answer, one log line, and metrics with the units of their names', async () => {
  const runs: ScheduledRun[] = []
  const handler = createHandler(
    'freshness',
    async (run) => {
      runs.push(run)
      return well
    },
    definition,
  )
  expect(await handler({ due: '2026-01-01T05:00:30Z' }, context())).toEqual(well)
  expect(runs[0]).toMatchObject({ dueMs: Date.UTC(2026, 0, 1, 5), cluster: { name: cluster.name } })
  expect(lines.filter(({ outcome }) => outcome !== undefined)).toMatchObject([
    { level: 'INFO', outcome: well, service: cluster.name },
  ])
  const [emf] = lines.filter(({ _aws }) => _aws !== undefined)
  expect(emf).toMatchObject({ ok: 1, seconds: 2, sets: 3, newestBytes: 4, operation: 'freshness', service: cluster.name })
  expect(emf?._aws).toMatchObject({
    CloudWatchMetrics: [
      {
        Namespace: 'Ballast',
        Dimensions: [['service', 'operation']],
        Metrics: [
          { Name: 'ok', Unit: 'Count' },
          { Name: 'seconds', Unit: 'Seconds' },
          { Name: 'sets', Unit: 'Count' },
          { Name: 'newestBytes', Unit: 'Bytes' },
        ],
      },
    ],
  })
})

test('what is not well is an answer and no error; a run that failed is an error of its kind', async () => {
  const unwell: Outcome = { ...well, ok: false, failure: { kind: 'unwell', message: 'too old', hint: 'Look.' } }
  expect(await createHandler('freshness', async () => unwell, definition)({}, context())).toEqual(unwell)
  const failing = createHandler(
    'freshness',
    () => Promise.reject(new Failure('no route', { kind: 'transient', subject: 's3://b', hint: 'Wait.' })),
    definition,
  )
  await expect(failing({}, context())).rejects.toMatchObject({
    name: 'TransientFailure',
    message: expect.stringContaining('no route. Wait.'),
  })
  expect(lines.filter(({ _aws }) => _aws !== undefined).map(({ ok }) => ok)).toEqual([0, 0])
})

test('a run is told to stop before its time is over', async () => {
  const handler = createHandler(
    'freshness',
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
    definition,
  )
  await expect(handler({}, context(200))).rejects.toMatchObject({
    name: 'PermanentFailure',
    message: expect.stringContaining('nearly over'),
  })
})

test('a function without its definition says what to do', async () => {
  const work = vi.fn()
  await expect(createHandler('freshness', work)({}, context())).rejects.toMatchObject({
    name: 'ConfigFailure',
    message: expect.stringContaining('serverless deploy'),
  })
  expect(work).not.toHaveBeenCalled()
})
