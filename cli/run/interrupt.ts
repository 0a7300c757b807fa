import { constants } from 'node:os'
import { Failure } from '../../functions/platform/failure.ts'
import { exitNow } from './exit-now.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type StopSignal = (typeof stopSignals)[number]

/** What a signal to this process does to the run. */
export interface Interrupt {
  /** Fires with the first stop signal; its reason is a Failure. */
  readonly signal: AbortSignal
  /** 128 and the number of the signal that came, as shells count; undefined when none did. */
  exitCode(): number | undefined
  /** Leaves signals to their usual effect. */
  dispose(): void
}

/** The first signal asks the work to stop and release what it holds; a second one ends the process at once. */
export function listenForSignals(stderr: NodeJS.WriteStream): Interrupt {
  const abort = new AbortController()
  let received: StopSignal | undefined
  const stop = (name: StopSignal): void => {
    if (received !== undefined) exitNow(codeOf(name))
    received = name
    stderr.write(`\n${name}: stopping, and waiting until everything open is released; a second one stops at once\n`)
    abort.abort(
      new Failure(`the run was stopped by ${name}`, {
        kind: 'transient',
        subject: 'the run',
        code: 'Aborted',
        hint: 'Start it again when it may run to its end; what a stopped backup left behind is no backup and is never listed as one.',
      }),
    )
  }
  for (const name of stopSignals) process.on(name, stop)
  return {
    signal: abort.signal,
    exitCode: () => received && codeOf(received),
    dispose: () => {
      for (const name of stopSignals) process.off(name, stop)
    },
  }
}

function codeOf(name: StopSignal): number {
  return 128 + constants.signals[name]
}
