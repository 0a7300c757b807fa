import { join } from 'node:path'
import type { StepHandler } from '../../functions/runtime/lambda/step-handler.ts'

/** One call of the function `fan-out` as Lambda makes it, in a process of its own: `DIRECTORY-OF-THE-BUNDLE EVENT`. Its last line is the answer. */
const [directory = '', event = ''] = process.argv.slice(2)
const functionMs = 15 * 60_000
const { handler } = (await import(join(directory, 'handler.mjs'))) as { handler: StepHandler }
const endMs = Date.now() + functionMs
const context = { getRemainingTimeInMillis: () => endMs - Date.now() } as Parameters<StepHandler>[1]
process.stdout.write(`\n${JSON.stringify(await handler(JSON.parse(event), context))}\n`)
