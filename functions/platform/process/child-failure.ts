import { basename } from 'node:path'
import { Failure, type FailureDetails, type FailureKind } from '../failure.ts'

/** What a tool's own words on stderr say about why it failed; undefined when they say nothing known. */
export type ExplainStderr = (stderr: string) => { kind: FailureKind; hint: string; code?: string } | undefined

const LINES_SHOWN = 12
const CHARACTERS_SHOWN = 2_000

/** How a child process ended: with an exit code or by a signal. */
export interface ChildEnd {
  exitCode: number | null
  signal: NodeJS.Signals | null
}

/** The end of a tool's stderr, short enough for one message. */
export function lastLines(stderr: string): string {
  const lines = stderr.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n')
  return lines.length > CHARACTERS_SHOWN ? `...${lines.slice(-CHARACTERS_SHOWN)}` : lines
}

/** The Failure of a child that ended with anything but exit code 0. */
export function endedBadly(command: string, end: ChildEnd, stderr: string, explain?: ExplainStderr): Failure {
  const tool = basename(command)
  const how = end.signal === null ? `exited with code ${end.exitCode}` : `was ended by ${end.signal}`
  const words = lastLines(stderr)
  const known = explain?.(stderr)
  const details: FailureDetails = known
    ? { subject: tool, ...known }
    : {
        kind: end.signal === null ? 'permanent' : 'transient',
        subject: tool,
        hint:
          end.signal === null
            ? `Read what ${tool} wrote above: it names the cause.`
            : `Something stopped ${tool} from outside: look for an out-of-memory kill in the kernel log, then run again.`,
        code: end.signal ?? `exit ${end.exitCode}`,
      }
  return new Failure(`${tool} ${how}${words === '' ? ' and wrote nothing' : `: ${words}`}`, details)
}

/** The Failure of a command that could not be started at all. */
export function notStarted(command: string, error: NodeJS.ErrnoException): Failure {
  const tool = basename(command)
  const missing = error.code === 'ENOENT'
  return new Failure(`${tool} could not be started: ${missing ? `${command} does not exist` : error.message}`, {
    kind: missing ? 'config' : 'permanent',
    subject: tool,
    hint: missing
      ? `Install ${tool}, or check the directory it runs in; \`ballast doctor\` lists the tools that were found.`
      : `Check that ${command} is a program this user may run.`,
    ...(error.code === undefined ? {} : { code: error.code }),
    cause: error,
  })
}

/** The Failure of a child that took longer than it was given. */
export function tookTooLong(command: string, timeoutMs: number): Failure {
  const tool = basename(command)
  return new Failure(`${tool} did not end within ${timeoutMs / 1000} s and was stopped`, {
    kind: 'transient',
    subject: tool,
    hint: `Look for what ${tool} waited for (a lock, the network, the disk), then run again.`,
    code: 'TIMEOUT',
  })
}
