import { loadCluster } from '../../../config/index.ts'
import { createStepHandler } from '../../../functions/runtime/lambda/step-handler.ts'
import { runStep, stepInput } from '../../../functions/verify/fan-out/steps.ts'

/**
 * One call of the function `fan-restore` in a process of its own: `DEFINITION LIMIT_MS EVENT`. Its last line is what Lambda would be
 * answered: `{"result": ...}` or `{"errorType": ..., "errorMessage": ...}`.
 */
const [definition = '', limitMs = '', event = ''] = process.argv.slice(2)
const handler = createStepHandler('verify', stepInput, runStep, () => loadCluster(definition))
// The time of a function begins when it is ready.
process.stdout.write('ready\n')
const endMs = Date.now() + Number(limitMs)
const context = { getRemainingTimeInMillis: () => endMs - Date.now() } as Parameters<typeof handler>[1]
const answer = await handler(JSON.parse(event), context).then(
  (result) => ({ result }),
  (error: Error) => ({ errorType: error.name, errorMessage: error.message }),
)
process.stdout.write(`\n${JSON.stringify(answer)}\n`)
