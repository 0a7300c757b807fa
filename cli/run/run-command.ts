import type { Failure } from '../../functions/platform/failure.ts'
import { exitCode, failedOutcome, type Outcome } from '../../functions/platform/outcome.ts'
import { failureText, stackText, unwellText } from '../terminal/failure-text.ts'
import { createProgress, type Progress } from '../terminal/progress.ts'
import { type Style, styleFor } from '../terminal/style.ts'
import { asFailure } from './as-failure.ts'
import { exitNow } from './exit-now.ts'
import { type Interrupt, listenForSignals } from './interrupt.ts'

/** Options that every command has. */
export interface OutputOptions {
  json?: boolean
  quiet?: boolean
}

/** What a command's work gets to see of the terminal. */
export interface CommandContext {
  /** Fires when the process is asked to stop. */
  signal: AbortSignal
  progress: Progress
  /** For text on stdout. */
  style: Style
  /** What is worked on, for errors and the outcome: `shop/app`. Call it as soon as that is known. */
  target(name: string): void
  /** A line for people, on stderr; nothing with --quiet. */
  note(line: string): void
  /** Says why one of several targets failed, on stderr. */
  failed(target: string, failure: Failure): void
}

/** What a command's work returns. */
export interface CommandResult {
  outcome: Outcome
  /** For people, on stdout in place of the outcome: whole lines. */
  text: string
  /** The text is what was asked for, such as a list: --quiet does not hide it. */
  asked?: boolean
}

const lingerMs = 3_000

/**
 * Runs one command: stdout gets its text, or with --json its Outcome and nothing else; everything else goes to stderr. Sets
 * the exit code: 0 well, 1 not well, 2 usage or configuration, 3 failed, 128 and more stopped by a signal.
 */
export async function runCommand(
  operation: string,
  options: OutputOptions,
  work: (context: CommandContext) => Promise<CommandResult>,
): Promise<void> {
  const { json = false, quiet = false } = options
  const errorStyle = styleFor(process.stderr)
  const interrupt = listenForSignals(process.stderr)
  const progress = await createProgress(process.stderr, quiet)
  let target = ''
  const report = (name: string, failure: Failure): void => {
    progress.stop()
    process.stderr.write(failureText(operation, name, failure, errorStyle))
    if (process.env.BALLAST_DEBUG) process.stderr.write(stackText(failure))
  }
  const context: CommandContext = {
    signal: interrupt.signal,
    progress,
    style: styleFor(process.stdout),
    target: (name) => {
      target = name
    },
    note: (line) => {
      progress.stop()
      if (!quiet) process.stderr.write(`${line}\n`)
    },
    failed: report,
  }
  const result = await work(context).catch((thrown: unknown): CommandResult => {
    const failure = asFailure(thrown, operation)
    report(target, failure)
    return { outcome: failedOutcome(operation, target || failure.subject, failure), text: '' }
  })
  progress.stop()
  if (json) process.stdout.write(`${JSON.stringify(result.outcome)}\n`)
  else if (!quiet || result.asked) process.stdout.write(result.text)
  const { failure } = result.outcome
  if (failure?.kind === 'unwell') process.stderr.write(unwellText(operation, failure, errorStyle))
  end(interrupt, result.outcome)
}

function end(interrupt: Interrupt, outcome: Outcome): void {
  interrupt.dispose()
  const code = (outcome.ok ? undefined : interrupt.exitCode()) ?? exitCode(outcome)
  process.exitCode = code
  // A forgotten socket must not keep a finished run alive.
  setTimeout(() => exitNow(code), lingerMs).unref()
}
