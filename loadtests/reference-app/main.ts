import type { Handler } from './answer.ts'
import { openCache } from './cache.ts'
import { consolidationHandler } from './consolidation.ts'
import { type Database, openDatabase } from './database.ts'
import { entriesHandler } from './entries.ts'
import { jsonServer, listen, log, stop } from './http-server.ts'
import { liveEntries } from './live-entries.ts'
import { createSchema } from './schema.ts'
import { readSettings, type Settings } from './settings.ts'

// `node main.ts schema | entries | consolidation`: makes the tables and ends, or serves until SIGTERM.

/** Whether the service can do its work: that its database answers. */
function healthHandler(database: Database): Handler {
  return ({ url }) =>
    url.pathname === '/health' ? database.run('SELECT 1').then(() => ({ status: 200, body: { ok: true } })) : undefined
}

async function serveEntries(settings: Settings, database: Database): Promise<void> {
  let onBooked = () => {}
  const server = jsonServer([healthHandler(database), entriesHandler(database, () => onBooked())])
  const live = liveEntries(server)
  onBooked = live.onBooked
  await listen(server, settings.host, settings.port)
  await terminated()
  live.close()
  await stop(server)
}

async function serveConsolidation(settings: Settings, database: Database): Promise<void> {
  const cache = openCache(settings.redisUrl)
  const server = jsonServer([healthHandler(database), consolidationHandler(database, cache)])
  await listen(server, settings.host, settings.port)
  await terminated()
  await stop(server)
  await cache.close()
}

function terminated(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

async function main(what: string | undefined): Promise<void> {
  const settings = readSettings(process.env)
  const database = openDatabase(settings)
  try {
    if (what === 'schema') await createSchema(database)
    else if (what === 'entries') await serveEntries(settings, database)
    else if (what === 'consolidation') await serveConsolidation(settings, database)
    else throw new Error('say what to run: schema, entries or consolidation')
  } finally {
    await database.close()
  }
}

try {
  await main(process.argv[2])
} catch (error) {
  log('start', error)
  process.exitCode = 1
}
