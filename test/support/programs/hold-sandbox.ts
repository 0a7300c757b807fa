import { startSandbox } from '../../../sandbox/sandbox.ts'

/** Starts a sandbox in the directory named, says so in one line of JSON, and then waits to be ended. */
const [directory = ''] = process.argv.slice(2)
setInterval(() => undefined, 60_000)
const sandbox = await startSandbox({ directory })
process.stdout.write(`${JSON.stringify(sandbox.data)}\n`)
