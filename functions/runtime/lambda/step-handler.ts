import { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import type { z } from 'zod'
import type { Cluster } from '../../../config/cluster.ts'
import { Failure, toFailure } from '../../platform/failure.ts'
import type { Outcome } from '../../platform/outcome.ts'
import { withFreshSecrets } from '../../platform/secrets/fresh-secrets.ts'
import { clusterEnvironment } from '../definition/cluster-environment.ts'
import { bundledDefinition } from './bundled-definition.ts'
import { beforeDeadline, type Deadline } from './deadline.ts'
import { outcomeRecorder } from './outcome-record.ts'
import { RunFailed } from './run-failed.ts'

/** What one step of a state machine is given beside its input. */
export interface StepRun extends Deadline {
  cluster: Cluster
  env: NodeJS.ProcessEnv
  note(line: string): void
  /** Writes the log line and the metrics of a scheduled run that ends with this step. */
  record(outcome: Outcome): void
}

/** A Lambda function that is no scheduled run. */
export type StepHandler = (event: unknown, context: Context) => Promise<unknown>

/**
 * Makes the Lambda function of a state machine's steps. The event is checked before anything is touched; what the step returns is
 * the function's answer, and what it throws the error that the state machine sees, by the kind of failure: `TransientFailure` and
 * the like.
 *
 * @param operation whose steps they are, for logs and metrics.
 * @param definition where the cluster's definition comes from; asked once per sandbox.
 */
export function createStepHandler<Input>(
  operation: string,
  schema: z.ZodType<Input>,
  work: (input: Input, run: StepRun) => Promise<unknown>,
  definition: () => Promise<Cluster> = bundledDefinition,
): StepHandler {
  let cluster: Promise<Cluster> | undefined
  return async (event, context) => {
    cluster ??= definition()
    const logger = new Logger({ serviceName: (await cluster.catch(() => undefined))?.name ?? 'ballast' })
    logger.appendKeys({ operation, event })
    const note = (line: string): void => logger.info(line)
    try {
      const known = await cluster
      const input = parse(schema, event)
      const record = outcomeRecorder(logger, known.name, operation)
      const env = clusterEnvironment(known, process.env)
      const result = await beforeDeadline(context.getRemainingTimeInMillis(), async (deadline) => {
        try {
          return await withFreshSecrets(() => work(input, { ...deadline, cluster: known, env, note, record }))
        } catch (error) {
          throw deadline.signal.aborted ? outOfTime(operation, error) : error
        }
      })
      logger.info('done', { result })
      return result
    } catch (thrown) {
      if (thrown instanceof RunFailed) throw thrown
      const failure = toFailure(thrown, operation)
      const { kind, message, subject, hint, code } = failure
      logger.error('failed', { failure: { kind, message, subject, hint, code }, error: failure })
      throw failedStep(operation, failure)
    }
  }
}

/** Unlike a whole run, a step that is called again goes on with what is missing. One whose failure lasts fails again. */
function outOfTime(operation: string, error: unknown): unknown {
  if (error instanceof RunFailed) return error
  const { kind, message, subject } = toFailure(error, operation)
  if (kind === 'transient') return error
  return new Failure(`not all of this was done in time: ${message}`, {
    ...{ kind: 'transient', subject, code: 'OutOfTime', cause: error },
    hint: 'Call the step again: it does what is missing. If that never ends, give functions more memory (runtime.lambda.memory), which is more processor as well.',
  })
}

function failedStep(operation: string, { kind, subject, message, hint }: Failure): RunFailed {
  return new RunFailed(kind, `${operation} ${subject}: ${message}. ${hint}`)
}

/** @throws Failure of kind `config` that names the path of every mistake. */
function parse<Input>(schema: z.ZodType<Input>, event: unknown): Input {
  const parsed = schema.safeParse(event)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${['event', ...path.map(String)].join('.')}: ${message}`)
  throw new Failure(`this is no event of the function: ${problems.join('; ')}`, {
    ...{ kind: 'config', subject: 'event', code: 'BadEvent' },
    hint: 'A state machine calls this function; deploy both from the same definition.',
  })
}
