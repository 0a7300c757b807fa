import { expect, test } from 'vitest'
import type { ServerFacts } from '../../../functions/doctor/server-facts.ts'
import { serverFindings } from '../../../functions/doctor/server-verdicts.ts'
import { scratchFinding, storeSpaceFinding } from '../../../functions/doctor/space-verdicts.ts'
import type { Attempt, StoreFacts } from '../../../functions/doctor/store-facts.ts'
import { lifecycleFinding, storeFindings } from '../../../functions/doctor/store-verdicts.ts'
import { toolFindings } from '../../../functions/doctor/tool-verdicts.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { smallestDays } from '../../../functions/platform/object-store/s3/abort-rule.ts'
import { CLIENT_PROGRAMS, SERVER_PROGRAMS, type ToolCandidate } from '../../../functions/platform/postgres/tool-choice.ts'

const facts: ServerFacts = {
  version: '17.6',
  versionNum: 170_006,
  standby: false,
  role: 'ballast_backup',
  superuser: false,
  databaseBytes: 1e9,
  connections: { total: 10, role: 0, database: 5 },
  limits: { role: -1, database: -1 },
  settings: new Map([
    ['max_connections', '100'],
    ['superuser_reserved_connections', '3'],
    ['statement_timeout', '0'],
  ]),
}
const settings = (more: Record<string, string>) => new Map([...facts.settings, ...Object.entries(more)])
const finding = (name: string, changed: Partial<ServerFacts>) =>
  serverFindings({ ...facts, ...changed }, 2).find((one) => one.name === name)

test.each<[name: string, status: string | undefined, changed: Partial<ServerFacts>]>([
  ['server', 'ok', {}],
  ['server', 'fail', { versionNum: 130_000 }],
  ['server', 'warn', { versionNum: 190_000 }],
  ['role', 'ok', {}],
  ['role', 'warn', { superuser: true }],
  ['connections', 'ok', { connections: { total: 92, role: 0, database: 0 } }],
  ['connections', 'warn', { connections: { total: 93, role: 0, database: 0 } }],
  ['connections', 'ok', { limits: { role: 5, database: -1 } }],
  ['connections', 'warn', { limits: { role: 4, database: -1 } }],
  ['connections', 'warn', { limits: { role: -1, database: 9 } }],
  ['timeouts', 'ok', { settings: settings({ statement_timeout: '30000' }) }],
  ['snapshot', undefined, { settings: settings({ old_snapshot_threshold: '-1' }) }],
  ['snapshot', 'warn', { settings: settings({ old_snapshot_threshold: '60' }) }],
  ['replay delay', undefined, {}],
  ['replay delay', 'warn', { standby: true, settings: settings({ max_standby_streaming_delay: '30000' }) }],
  ['replay delay', 'ok', { standby: true, settings: settings({ max_standby_streaming_delay: '-1' }) }],
  ['feedback', 'warn', { standby: true, settings: settings({ hot_standby_feedback: 'off' }) }],
  ['feedback', 'ok', { standby: true, settings: settings({ hot_standby_feedback: 'on' }) }],
])('server: %s is %s for %j', (name, status, changed) => {
  const found = finding(name, changed)
  expect(found?.status).toBe(status)
  if (status !== undefined && status !== 'ok') expect(found?.fix).toBeTruthy()
})

test('timeouts of the role are named in seconds', () => {
  const found = finding('timeouts', { settings: settings({ statement_timeout: '30000', lock_timeout: '1500' }) })
  expect(found?.finding).toBe("statement_timeout = 30 s, lock_timeout = 1500 ms: turned off in Ballast's own sessions")
})

const whole: ToolCandidate = {
  directory: '/usr/lib/postgresql/17/bin',
  version: '17.6 (Debian)',
  major: 17,
  programs: [...CLIENT_PROGRAMS, ...SERVER_PROGRAMS, 'pg_amcheck'],
}

test.each<[string, ToolCandidate[], number[], string[]]>([
  ['everything', [whole], [17], ['ok', 'ok', 'ok']],
  ['no server was asked', [whole], [], ['ok', 'ok', 'ok']],
  ['the server is newer', [whole], [15, 18], ['fail', 'warn', 'warn']],
  ['nothing is installed', [], [17], ['fail', 'warn', 'warn']],
  ['clients alone', [{ ...whole, programs: [...CLIENT_PROGRAMS] }], [17], ['ok', 'warn', 'warn']],
])('tools: %s', (_, candidates, majors, statuses) => {
  expect(toolFindings(candidates, majors).map(({ status }) => status)).toEqual(statuses)
})

function went<T>(value: T): Attempt<T> {
  return { went: true, value }
}

function refused(code: string): { went: false; failure: Failure } {
  return { went: false, failure: new Failure('no', { kind: 'permanent', subject: 's', hint: 'h', code }) }
}

const now = Date.parse('2026-11-22T12:00:00Z')
const well: StoreFacts = {
  probeKey: '.ballast-doctor/x',
  write: went({ seconds: 0.1 }),
  conditional: went({ refused: true }),
  readBack: went({ equal: true }),
  listed: went({ found: true }),
  clock: went({ aheadSeconds: -0.4 }),
  uploads: went({ total: 0, startedMs: [] }),
  removal: went(undefined),
}

test('a store that is well', () => {
  expect(storeFindings(well, now).map(({ status }) => status)).toEqual(Array(7).fill('ok'))
})

test.each<[name: string, status: string, changed: Partial<StoreFacts>]>([
  ['write once', 'warn', { conditional: went({ refused: false }) }],
  ['write once', 'fail', { conditional: refused('InternalError') }],
  ['read back', 'fail', { readBack: went({ equal: false }) }],
  ['list', 'fail', { listed: went({ found: false }) }],
  ['clock', 'ok', { clock: went({ aheadSeconds: 4 }) }],
  ['clock', 'warn', { clock: went({ aheadSeconds: -6 }) }],
  ['clock', 'fail', { clock: went({ aheadSeconds: 400 }) }],
  ['delete', 'ok', { removal: refused('AccessDenied') }],
  ['delete', 'warn', { removal: refused('InternalError') }],
  ['uploads', 'ok', { uploads: went({ total: 1, startedMs: [now - 86_400_000] }) }],
  ['uploads', 'warn', { uploads: went({ total: 1, startedMs: [now - 3 * 86_400_000] }) }],
  ['uploads', 'warn', { uploads: refused('AccessDenied') }],
])('store: %s is %s', (name, status, changed) => {
  const found = storeFindings({ ...well, ...changed }, now).find((one) => one.name === name)
  expect(found?.status).toBe(status)
  if (status !== 'ok') expect(found?.fix).toBeTruthy()
})

test('a probe that could not be removed is named', () => {
  const found = storeFindings({ ...well, removal: refused('AccessDenied') }, now).find(({ name }) => name === 'delete')
  expect(found?.finding).toContain('.ballast-doctor/x stays')
})

test('a store that cannot be written to says that, and what else could be tried', () => {
  const uploads = went({ total: 0, startedMs: [] })
  const found = storeFindings({ probeKey: 'k', write: refused('AccessDenied'), uploads }, now)
  expect(found.map(({ name, status }) => [name, status])).toEqual([
    ['write', 'fail'],
    ['uploads', 'ok'],
  ])
})

test('lifecycle rules', () => {
  expect(lifecycleFinding({ type: 'days', days: 7 }).status).toBe('ok')
  expect(lifecycleFinding({ type: 'none' }).status).toBe('warn')
  expect(lifecycleFinding({ type: 'unknown', reason: 'NotImplemented' })).toMatchObject({
    status: 'ok',
    finding: 'not known: NotImplemented; `ballast prune` removes abandoned uploads',
  })
  const rule = (days: number, prefix?: string) => ({
    Status: 'Enabled' as const,
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
    ...(prefix === undefined ? {} : { Filter: { Prefix: prefix } }),
  })
  expect(smallestDays([], 'pg/')).toBeUndefined()
  expect(smallestDays([rule(7), rule(3, 'pg/')], 'pg/')).toBe(3)
  expect(smallestDays([rule(3, 'other/')], 'pg/')).toBeUndefined()
  expect(smallestDays([{ ...rule(3), Status: 'Disabled' }], 'pg/')).toBeUndefined()
  expect(smallestDays([{ ...rule(3), Filter: { Tag: { Key: 'a', Value: 'b' } } }], 'pg/')).toBeUndefined()
})

test('space', () => {
  expect(scratchFinding('/tmp', 3e9, 1e9)).toMatchObject({ status: 'ok' })
  expect(scratchFinding('/tmp', 2e9, 1e9)).toMatchObject({
    status: 'warn',
    fix: expect.stringContaining('BALLAST_SCRATCH_DIR'),
  })
  expect(storeSpaceFinding(1e9, 1e9).status).toBe('ok')
  expect(storeSpaceFinding(1e9, 2e9).status).toBe('warn')
})
