import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import type { Cluster } from '../../../config/cluster.ts'
import type { ScheduledOperation } from '../../../config/timetable.ts'
import { Failure, toFailure } from '../../platform/failure.ts'
import { failedOutcome, type Outcome } from '../../platform/outcome.ts'
import { attend } from '../attend/attend.ts'
import type { ScheduledWork } from '../scheduled.ts'
import { bundledDefinition } from './bundled-definition.ts'
import { beforeDeadline } from './deadline.ts'
import { outcomeRecord } from './outcome-record.ts'
import { answerOf } from './run-failed.ts'
import { readInput } from './run-input.ts'

/** A Lambda function of ours: takes what a schedule sends, answers with the outcome of the run. */
export type RunHandler = (event: unknown, context: Context) => Promise<Outcome>

/**
 * Makes the Lambda function of an operation. The event is checked before anything is touched; the run is asked to stop in
 * time to release what it holds; its outcome becomes one log line, metrics, and the answer, or an error where it failed.
 *
 * @param definition where the cluster's definition comes from; asked once per sandbox.
 */
export function createHandler(
  operation: ScheduledOperation,
  work: ScheduledWork,
  definition: () => Promise<Cluster> = bundledDefinition,
): RunHandler {
  let prepared: Promise<RunHandler> | undefined
  return async (event, context) => {
    prepared ??= prepare(operation, work, definition)
    const run = await prepared
    return await run(event, context).then(answerOf)
  }
}

async function prepare(
  operation: ScheduledOperation,
  work: ScheduledWork,
  definition: () => Promise<Cluster>,
): Promise<RunHandler> {
  const cluster = await definition().catch((thrown: unknown) => toFailure(thrown, 'definition'))
  if (cluster instanceof Failure) return () => Promise.resolve(failedOutcome(operation, cluster.subject, cluster))
  const logger = new Logger({ serviceName: cluster.name, persistentKeys: { operation } })
  const note = (line: string): void => logger.info(line)
  const run = async (event: unknown, context: Context): Promise<Outcome> => {
    const input = readInput(operation, event, cluster, Date.now())
    return await beforeDeadline(context.getRemainingTimeInMillis(), (deadline) =>
      attend(operation, work, { cluster, ...input, ...deadline, env: process.env, note }),
    )
  }
  return middy<unknown, Outcome>({ timeoutEarlyInMillis: 0 })
    .use(outcomeRecord(logger, cluster.name, operation))
    .handler(run) as RunHandler
}
