import { existsSync } from 'node:fs'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { parseShow, showArgs, type TimerState, timerStates } from '../../functions/timers/unit-states.ts'
import { configFailure } from '../settings/config-failure.ts'

const withinMs = 60_000

/** Runs one of systemd's programs; it speaks English, and times are in UTC. */
export async function systemd(program: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const command = await findProgram(program, await programDirectories(process.env))
  if (command === undefined) {
    throw configFailure(`${program} is not installed`, program, 'Timers need a machine with systemd, such as Debian or Ubuntu.')
  }
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC', SYSTEMD_COLORS: '0' }
  const { stdout } = await run({ command, args, env, timeoutMs: withinMs, ...(signal && { signal }) })
  return stdout
}

/** @throws Failure of kind `config` unless systemd runs this machine. */
export function requireSystemd(): void {
  if (existsSync('/run/systemd/system')) return
  throw configFailure(
    'systemd does not run this machine',
    'systemd',
    'Run this on the VM itself, or give --root DIR for an image.',
  )
}

/** How the timers of some units fare now. */
export async function showTimers(units: readonly string[], signal?: AbortSignal): Promise<TimerState[]> {
  return timerStates(units, parseShow(await systemd('systemctl', showArgs(units), signal)))
}
