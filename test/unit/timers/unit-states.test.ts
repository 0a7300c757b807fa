import { expect, test } from 'vitest'
import { parseShow, showArgs, timerStates } from '../../../functions/timers/unit-states.ts'

/** What `systemctl show` of systemd 252 wrote, with TZ=UTC, for a timer and service of each kind. */
const recorded = `NextElapseUSecRealtime=Thu 2026-11-26 06:01:10 UTC
LastTriggerUSec=Wed 2026-11-25 16:37:01 UTC
Result=success
Id=a.timer
LoadState=loaded
ActiveState=active
UnitFileState=enabled

Result=exit-code
ExecMainStartTimestamp=Wed 2026-11-25 16:37:02 UTC
ExecMainExitTimestamp=Wed 2026-11-25 16:37:09 UTC
ExecMainCode=1
ExecMainStatus=3
Id=a.service
LoadState=loaded
ActiveState=failed
UnitFileState=static

NextElapseUSecRealtime=
LastTriggerUSec=n/a
Result=success
Id=b.timer
LoadState=loaded
ActiveState=inactive
UnitFileState=disabled

Result=success
ExecMainStartTimestamp=
ExecMainExitTimestamp=
ExecMainCode=0
ExecMainStatus=0
Id=b.service
LoadState=loaded
ActiveState=inactive
UnitFileState=static

NextElapseUSecRealtime=
LastTriggerUSec=
Result=success
Id=c.timer
LoadState=not-found
ActiveState=inactive
UnitFileState=

Result=success
ExecMainStartTimestamp=Wed 2026-11-25 16:37:02 UTC
ExecMainExitTimestamp=
ExecMainCode=0
ExecMainStatus=0
Id=c.service
LoadState=loaded
ActiveState=activating
UnitFileState=static
`
const ms = (time: string) => Date.parse(`2026-11-${time}Z`)

test('what systemd shows, as states', () => {
  expect(timerStates(['a', 'b', 'c'], parseShow(recorded))).toEqual([
    {
      ...{ unit: 'a', timer: 'active', enabled: true, result: 'failed', failure: 'exit-code 3' },
      ...{ lastRunMs: ms('25T16:37:02'), nextRunMs: ms('26T06:01:10') },
    },
    {
      ...{ unit: 'b', timer: 'inactive', enabled: false, result: 'unknown', failure: undefined },
      ...{ lastRunMs: undefined, nextRunMs: undefined },
    },
    {
      ...{ unit: 'c', timer: 'not installed', enabled: false, result: 'running', failure: undefined },
      ...{ lastRunMs: ms('25T16:37:02'), nextRunMs: undefined },
    },
  ])
})

test('a timer that ran before the last boot has a time, and no result', () => {
  const [state] = timerStates(['a'], parseShow('LastTriggerUSec=Wed 2026-11-25 16:37:01 UTC\nId=a.timer\nLoadState=loaded\n'))
  expect(state).toMatchObject({ lastRunMs: ms('25T16:37:01'), result: 'unknown' })
})

test('a run that was killed has no exit code to tell', () => {
  const [state] = timerStates(['a'], parseShow('Id=a.service\nActiveState=failed\nResult=timeout\nExecMainStatus=15\n'))
  expect(state).toMatchObject({ result: 'failed', failure: 'timeout' })
})

test('both units of each name are asked for', () => {
  expect(showArgs(['a', 'b']).slice(2)).toEqual(['a.timer', 'a.service', 'b.timer', 'b.service'])
})
