import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { StepHandler } from '../../functions/runtime/lambda/step-handler.ts'
import { answerMark } from './step-processes.ts'

/** A sandbox of the function `fan-out` as Lambda keeps it: `DIRECTORY-OF-THE-BUNDLE`. Each line of its input is a call, one after another. */
const [directory = ''] = process.argv.slice(2)
const functionMs = 15 * 60_000
const { handler } = (await import(join(directory, 'handler.mjs'))) as { handler: StepHandler }
for await (const event of createInterface({ input: process.stdin })) {
  const endMs = Date.now() + functionMs
  const context = { getRemainingTimeInMillis: () => endMs - Date.now() } as Parameters<StepHandler>[1]
  process.stdout.write(`\n${answerMark}${JSON.stringify(await handler(JSON.parse(event), context))}\n`)
}
