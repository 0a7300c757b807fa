import { type Command, CommanderError } from 'commander'
import { failedOutcome } from '../../functions/platform/outcome.ts'
import { failureText, stackText } from '../terminal/failure-text.ts'
import { plainStyle } from '../terminal/style.ts'
import { asFailure } from './as-failure.ts'
import { exitNow } from './exit-now.ts'

const usageCode = 2
const bugCode = 3

/**
 * Parses the arguments and runs the command they name. A command sets the exit code itself; what never came to run is a
 * mistake in the arguments (2), and what nobody caught is a bug (3).
 */
export async function runProgram(program: Command, args: readonly string[]): Promise<void> {
  // `ballast list | head` closes our output early: that is no failure of the run.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') exitNow(Number(process.exitCode ?? 0))
    throw error
  })
  process.on('uncaughtException', (error) => {
    reportBug(error, args)
    exitNow(bugCode)
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(usageOutcome(error))}\n`)
    process.exitCode = usageCode
  }
}

function usageOutcome(error: CommanderError) {
  const message = error.message.replace(/^error: /, '')
  const hint = 'Run the command with --help for its options.'
  return { operation: 'usage', subject: 'arguments', ok: false, failure: { kind: 'config', message, hint }, numbers: {} }
}

function reportBug(error: unknown, args: readonly string[]): void {
  const failure = asFailure(error, 'ballast')
  const operation = args[0] ?? ''
  process.stderr.write(failureText(operation, '', failure, plainStyle))
  process.stderr.write(stackText(error))
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(failedOutcome(operation, 'ballast', failure))}\n`)
}
