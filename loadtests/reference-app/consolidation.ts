import { BadRequest, type Handler } from './answer.ts'
import type { Cache } from './cache.ts'
import type { Database } from './database.ts'

/** The sums of a day. */
interface Daily {
  day: string
  creditCents: number
  debitCents: number
  balanceCents: number
  entries: number
}

const sums = `
  SELECT count(*) AS entries,
         coalesce(sum(amount_cents) FILTER (WHERE kind = 'credit'), 0) AS credit,
         coalesce(sum(amount_cents) FILTER (WHERE kind = 'debit'), 0) AS debit
  FROM entry WHERE made_at >= $1::date AND made_at < $1::date + 1`

/** `GET /daily?day=2026-11-27`: the sums of a day, today's where none is named; at most a second old. */
export function consolidationHandler(database: Database, cache: Cache): Handler {
  return ({ method, url }) => {
    if (url.pathname !== '/daily') return undefined
    return answer(database, cache, method, url.searchParams.get('day') ?? new Date().toISOString().slice(0, 10))
  }
}

async function answer(database: Database, cache: Cache, method: string, day: string) {
  if (method !== 'GET') throw new BadRequest(`${method} is not possible here`, 405)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
    throw new BadRequest('day must be a date such as 2026-11-27')
  return { status: 200, body: await cache.through(`daily:${day}`, () => consolidate(database, day)) }
}

async function consolidate(database: Database, day: string): Promise<Daily> {
  const [row] = await database.run(sums, [day])
  const [creditCents, debitCents] = [Number(row?.credit), Number(row?.debit)]
  return { day, creditCents, debitCents, balanceCents: creditCents - debitCents, entries: Number(row?.entries) }
}
