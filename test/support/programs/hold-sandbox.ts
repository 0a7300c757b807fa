import { startSandbox } from '../../../sandbox/sandbox.ts'

/** Starts a sandbox in the directory named, its primary in memory if that is said after it, says so in one line of JSON, and then waits to be ended. */
const [directory = '', disk = ''] = process.argv.slice(2)
setInterval(() => undefined, 60_000)
const sandbox = await startSandbox({ directory, primaryInMemory: disk === 'in-memory' })
process.stdout.write(`${JSON.stringify(sandbox.data)}\n`)
