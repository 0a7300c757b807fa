/**
 * Runs the plan that is its argument, as JSON, until it is over or SIGINT comes; says `started`, and at the end how it ended
 * and whether there is a summary.
 */
import { runPlan } from '../load-run.ts'

const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.stdout.write('started\n')
const { ended, summary } = await runPlan(JSON.parse(process.argv[2] ?? ''), { signal: stop.signal })
process.stdout.write(`${JSON.stringify({ ended, hasSummary: summary !== undefined })}\n`)
