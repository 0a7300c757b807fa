import { expect, test } from 'vitest'
import { fail, ok, warn } from '../../../functions/platform/check.ts'
import { checksOutcome } from '../../../functions/platform/checks-outcome.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { failedOutcome, type Outcome } from '../../../functions/platform/outcome.ts'
import { observationsOf, runName } from '../../../functions/runtime/attend/observations.ts'
import { withUntold } from '../../../functions/runtime/attend/with-untold.ts'

const backup = { cluster: 'shop', operation: 'backup', slot: 'daily' } as const
const freshness = { cluster: 'shop', operation: 'freshness' } as const
const well: Outcome = { operation: 'backup', subject: 'shop', ok: true, numbers: {} }
const broken = failedOutcome('backup', 'shop', new Failure('no route', { kind: 'transient', subject: 's', hint: 'Wait.' }))
const checks = checksOutcome('freshness', 'shop', 'Do it.', [
  { subject: 'shop/app', ...ok('backup', 'young') },
  { subject: 'shop/app', ...warn('damage', 'an old one', 'Look.') },
  { subject: 'shop/app', ...fail('last copy', 'none', 'Copy it.') },
  { subject: 'shop/crm', ...warn('size', 'half', 'Look.') },
  { subject: 'shop/log', ...ok('backup', 'young') },
  { subject: 'shop/log', ...ok('size', 'as usual') },
])

test('a run is named by cluster, operation and slot', () => {
  expect(runName(backup)).toBe('shop/backup/daily')
  expect(runName(freshness)).toBe('shop/freshness')
})

test('the end of a run alarms at once, and ends the alarm of the one before', () => {
  const run = { key: 'shop/backup/daily', name: 'backup-failed', severity: 'critical', immediate: true }
  expect(observationsOf(backup, broken)).toMatchObject([{ ...run, well: false, summary: 'no route', hint: 'Wait.' }])
  expect(observationsOf(backup, well)).toMatchObject([{ ...run, well: true }])
})

test('what another run is doing says nothing yet', () => {
  expect(observationsOf(backup, { ...well, numbers: { alreadyRunning: true } })).toEqual([])
  expect(observationsOf(backup, { ...broken, numbers: { alreadyRunning: true } })).toHaveLength(1)
})

test('what the next look will not find is told at once', () => {
  const resumed = { subject: 'db-3', ...warn('replay', 'resumed', 'Look why.'), immediate: true as const }
  const outcome = checksOutcome('replication', 'shop', 'Do it.', [resumed, { subject: 'db-2', ...ok('replay', 'goes on') }])
  const run = { cluster: 'shop', operation: 'replication' } as const
  const [, ...things] = observationsOf(run, outcome)
  expect(things).toMatchObject([
    { subject: 'db-3', immediate: true, well: false },
    { subject: 'db-2', well: true },
  ])
  expect(things[1]).not.toHaveProperty('immediate')
})

test('each thing that was checked is one alert, its worst first, and the run that made the checks went well', () => {
  expect(observationsOf(freshness, checks)).toEqual([
    expect.objectContaining({ key: 'shop/freshness', well: true, immediate: true }),
    {
      ...{ key: 'freshness/shop/app', name: 'freshness', subject: 'shop/app', severity: 'critical', well: false },
      ...{ summary: 'last copy: none; damage: an old one', hint: 'Copy it. Look.' },
    },
    {
      ...{ key: 'freshness/shop/crm', name: 'freshness', subject: 'shop/crm', severity: 'warning', well: false },
      ...{ summary: 'size: half', hint: 'Look.' },
    },
    {
      ...{ key: 'freshness/shop/log', name: 'freshness', subject: 'shop/log', severity: 'warning', well: true },
      ...{ summary: 'backup: young; size: as usual', hint: 'Nothing.' },
    },
  ])
  expect(observationsOf(freshness, checks).filter(({ immediate }) => immediate)).toHaveLength(1)
})

test('a thing is reminded of once a day only where all that is told of it can wait', () => {
  const patient = { ...warn('date', 'due', 'Do it.'), remindDaily: true } as const
  const found = checksOutcome('freshness', 'shop', 'Do it.', [
    { subject: 'drill', ...patient },
    { subject: 'both', ...patient },
    { subject: 'both', ...fail('store', 'gone', 'Mount it.') },
    { subject: 'well', ...ok('date', 'not yet'), remindDaily: true },
  ])
  const daily = observationsOf(freshness, found).map(({ subject, remindDaily }) => [subject, remindDaily])
  expect(daily).toEqual([
    ['shop/freshness', undefined],
    ['drill', true],
    ['both', undefined],
    ['well', true],
  ])
})

test('a verification that found a difference has failed its run', () => {
  const different: Outcome = {
    ...well,
    operation: 'verify',
    ok: false,
    failure: { kind: 'unwell', message: 'rows differ', hint: 'h' },
  }
  expect(observationsOf({ cluster: 'shop', operation: 'verify' }, different)).toMatchObject([
    { well: false, summary: 'rows differ' },
  ])
})

test('what was not told is part of the outcome; a critical alert that nobody heard makes it not well', () => {
  const ping = { by: 'heartbeat', message: 'no answer', hint: 'h' } as const
  const alert = { by: 'alerts', message: 'nobody', hint: 'Call them.', critical: true } as const
  expect(withUntold(well, [])).toBe(well)
  expect(withUntold(well, [ping])).toEqual({ ...well, details: { untold: [ping] } })
  expect(withUntold({ ...well, details: { a: 1 } }, [ping, alert])).toMatchObject({
    ...{ ok: false, details: { a: 1, untold: [ping, alert] } },
    failure: { kind: 'transient', code: 'Untold', message: expect.stringContaining('nobody'), hint: 'Call them.' },
  })
})

test("an operation's own failure is never hidden", () => {
  const told = withUntold({ ...broken, details: [1] }, [{ by: 'alerts', message: 'nobody', hint: 'h', critical: true }])
  expect(told.failure).toEqual(broken.failure)
  expect(told.details).toMatchObject({ result: [1], untold: [{ by: 'alerts' }] })
})
