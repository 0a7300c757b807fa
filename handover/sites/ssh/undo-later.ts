import type { Remote } from './remote.ts'

/** After it a machine undoes a change by itself, whatever has become of who made it. */
const undoneAfter = '30min'

/** Arguments: a timer. It may have done its work, and be gone. */
const stopScript = 'systemctl stop "$1" 2>/dev/null || ! systemctl is-active --quiet "$1"\n'

/** Lets the machine run a program in half an hour, in place of one that was asked for under the name before. */
export async function undoLater(remote: Remote, name: string, program: readonly string[], signal: AbortSignal): Promise<void> {
  await cancelUndo(remote, name, signal)
  const timer = ['--quiet', '--collect', `--unit=${name}`, `--on-active=${undoneAfter}`]
  await remote.run(['systemd-run', ...timer, '--', ...program], { signal })
}

/** Calls it off, where it has not run yet. */
export async function cancelUndo({ run }: Remote, name: string, signal: AbortSignal): Promise<void> {
  await run(['bash', '-s', '--', `${name}.timer`], { input: stopScript, signal })
}
