import { join } from 'node:path'
import { startLocalServer } from '../../../functions/platform/postgres/local-server.ts'
import { findServerBinaries } from '../../../sandbox/binaries.ts'

/** Starts a server in the directory named, says so in one line of JSON, and then waits to be ended. */
const [directory = ''] = process.argv.slice(2)
setInterval(() => undefined, 60_000)
const pgBin = await findServerBinaries()
const tools = { initdb: join(pgBin, 'initdb'), postgres: join(pgBin, 'postgres') }
const { pid } = await startLocalServer({ tools, directory, listen: 'socket-only' })
process.stdout.write(`${JSON.stringify({ pid })}\n`)
