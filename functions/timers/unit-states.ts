/** What `systemctl show` says of one unit. */
export type UnitProperties = ReadonlyMap<string, string>

/** What is asked for. */
const shownProperties = [
  ...['Id', 'LoadState', 'ActiveState', 'UnitFileState', 'NextElapseUSecRealtime', 'LastTriggerUSec'],
  ...['Result', 'ExecMainCode', 'ExecMainStatus', 'ExecMainStartTimestamp', 'ExecMainExitTimestamp'],
]

/** How one entry of the timetable fares on this machine. */
export interface TimerState {
  /** The name of its units, without `.timer` or `.service`. */
  unit: string
  timer: 'active' | 'inactive' | 'not installed'
  /** Whether it comes back after the next boot. */
  enabled: boolean
  /** Undefined before the first run. */
  lastRunMs: number | undefined
  /** `unknown`: not run since the machine started. */
  result: 'ok' | 'failed' | 'running' | 'unknown'
  /** Why it failed, as systemd names it: `exit-code 3`, `timeout`. */
  failure: string | undefined
  nextRunMs: number | undefined
}

/** The blocks of `systemctl show`, by the unit's name. */
export function parseShow(text: string): Map<string, UnitProperties> {
  const blocks = text.split('\n\n').map(
    (block) =>
      new Map(
        block.split('\n').flatMap((line): [string, string][] => {
          const at = line.indexOf('=')
          return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]]
        }),
      ),
  )
  return new Map(blocks.flatMap((block) => (block.has('Id') ? [[block.get('Id') ?? '', block]] : [])))
}

/** The state of each of the units, from what `systemctl show` says of their timers and services with times in UTC. */
export function timerStates(units: readonly string[], shown: ReadonlyMap<string, UnitProperties>): TimerState[] {
  return units.map((unit) => {
    const timer = shown.get(`${unit}.timer`) ?? new Map<string, string>()
    const service = shown.get(`${unit}.service`) ?? new Map<string, string>()
    const result = resultOf(service)
    return {
      unit,
      timer:
        timer.get('LoadState') !== 'loaded' ? 'not installed' : timer.get('ActiveState') === 'active' ? 'active' : 'inactive',
      enabled: timer.get('UnitFileState') === 'enabled',
      lastRunMs: timeMs(service.get('ExecMainStartTimestamp')) ?? timeMs(timer.get('LastTriggerUSec')),
      result,
      failure: result === 'failed' ? failureOf(service) : undefined,
      nextRunMs: timeMs(timer.get('NextElapseUSecRealtime')),
    }
  })
}

function resultOf(service: UnitProperties): TimerState['result'] {
  const state = service.get('ActiveState')
  if (state === 'activating' || state === 'deactivating') return 'running'
  if (state === 'failed') return 'failed'
  return service.get('ExecMainExitTimestamp') ? 'ok' : 'unknown'
}

function failureOf(service: UnitProperties): string {
  const [result = '', status = ''] = [service.get('Result'), service.get('ExecMainStatus')]
  return result === 'exit-code' ? `${result} ${status}` : result
}

/** `Thu 2026-11-26 06:01:10 UTC` as milliseconds; undefined for anything else, such as nothing or `n/a`. */
function timeMs(text: string | undefined): number | undefined {
  const [, date, time] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(text ?? '') ?? []
  return date === undefined ? undefined : Date.parse(`${date}T${time}Z`)
}

/** The arguments of `systemctl` that show all of it, in blocks. */
export function showArgs(units: readonly string[]): string[] {
  return ['show', `--property=${shownProperties.join(',')}`, ...units.flatMap((unit) => [`${unit}.timer`, `${unit}.service`])]
}
