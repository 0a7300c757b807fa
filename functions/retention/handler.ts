import { z } from 'zod'
import { openStore } from '../platform/object-store/open-store.ts'
import { firstStore } from '../runtime/definition/defined-stores.ts'
import { createHandler } from '../runtime/lambda/create-handler.ts'
import { setInput } from '../runtime/lambda/set-input.ts'
import { createStepHandler, type StepHandler } from '../runtime/lambda/step-handler.ts'
import { type RemovedRun, removeRun } from './remove-run.ts'
import { scheduledRetention } from './scheduled-retention.ts'

const removal = z.strictObject({
  remove: z.strictObject(setInput),
})

const scheduled = createHandler('retention', scheduledRetention)

/** The last step of a backup that was fanned out and given up: this function alone may delete. */
const remove = createStepHandler(
  'retention',
  removal,
  async ({ remove: run }, { cluster, env, signal }): Promise<RemovedRun> => {
    const store = openStore(await firstStore(cluster, env))
    try {
      return await removeRun(store, { cluster: cluster.name, ...run }, signal)
    } finally {
      store.close()
    }
  },
)

/** The Lambda function `retention`: for the schedule, and `{ "remove": { "database", "set" } }` for a state machine. */
export const handler: StepHandler = async (event, context) => {
  const asked = typeof event === 'object' && event !== null && 'remove' in event
  return asked ? await remove(event, context) : await scheduled(event, context)
}
