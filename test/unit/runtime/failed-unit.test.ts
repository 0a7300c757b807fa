import { expect, test } from 'vitest'
import { failedUnitObservation, toldByItself, unitEnd } from '../../../functions/runtime/failed-unit.ts'

const unit = 'ballast-shop-backup-daily.service'
const run = { cluster: 'shop', operation: 'backup' as const, slot: 'daily' }
const monitor = (result: string, status: string) => ({
  MONITOR_UNIT: unit,
  MONITOR_SERVICE_RESULT: result,
  MONITOR_EXIT_STATUS: status,
})

test.each([
  [monitor('exit-code', '3'), 'ended with exit code 3'],
  [monitor('exit-code', '226'), 'could not be set up by systemd (exit code 226)'],
  [monitor('timeout', 'TERM'), 'did not end in time and was stopped'],
  [monitor('oom-kill', 'KILL'), 'was killed for the memory that it took'],
  [monitor('signal', 'KILL'), 'was killed by signal KILL'],
  [monitor('core-dump', 'SEGV'), 'was killed by signal SEGV'],
  [monitor('resources', ''), 'failed (resources)'],
  [{}, 'failed'],
  [{ ...monitor('exit-code', '3'), MONITOR_UNIT: 'other.service' }, 'failed'],
])('%o: it %s', (env, how) => {
  const { summary, hint, ...observation } = failedUnitObservation(run, unitEnd(unit, env), 'vm-1')
  expect(summary).toBe(`${unit} on vm-1 ${how}`)
  expect(hint).toContain(`journalctl -u ${unit}`)
  expect(observation).toEqual({
    ...{
      key: 'shop/backup/daily',
      name: 'backup-failed',
      subject: 'shop/backup/daily',
      severity: 'critical',
      well: false,
      immediate: true,
    },
  })
})

test('a run without a slot', () => {
  const { key, name } = failedUnitObservation(
    { cluster: 'shop', operation: 'verify', slot: undefined },
    unitEnd('u', {}),
    'vm-1',
  )
  expect({ key, name }).toEqual({ key: 'shop/verify', name: 'verify-failed' })
})

test.each([
  [monitor('exit-code', '1'), true],
  [monitor('exit-code', '2'), false],
  [monitor('signal', '1'), false],
  [{ ...monitor('exit-code', '1'), MONITOR_UNIT: 'other.service' }, false],
  [{}, false],
])('%o has told of it itself: %s', (env, expected) => {
  expect(toldByItself(unitEnd(unit, env))).toBe(expected)
})
