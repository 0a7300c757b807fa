import { BadRequest, type Handler } from './answer.ts'
import type { Database } from './database.ts'

const shown = 20
const longestDescription = 200

/** `POST /entries` books a credit or a debit, `GET /entries` shows the last ones. */
export function entriesHandler(database: Database, onBooked: () => void): Handler {
  return ({ method, url, body }) => {
    if (url.pathname !== '/entries') return undefined
    return method === 'POST' ? book(database, body, onBooked) : latest(database, method)
  }
}

async function book(database: Database, body: unknown, onBooked: () => void) {
  const { kind, amountCents, description } = entryOf(body)
  const sql = 'INSERT INTO entry (kind, amount_cents, description) VALUES ($1, $2, $3) RETURNING id, made_at'
  const [row] = await database.run(sql, [kind, amountCents, description])
  onBooked()
  return { status: 201, body: { id: Number(row?.id), kind, amountCents, description, madeAt: row?.made_at } }
}

async function latest(database: Database, method: string) {
  if (method !== 'GET') throw new BadRequest(`${method} is not possible here`, 405)
  const rows = await database.run(
    `SELECT id, kind, amount_cents, description, made_at FROM entry ORDER BY id DESC LIMIT ${shown}`,
  )
  const entries = rows.map(({ id, kind, amount_cents, description, made_at }) => ({
    ...{ id: Number(id), kind, amountCents: Number(amount_cents), description, madeAt: made_at },
  }))
  return { status: 200, body: { entries } }
}

function entryOf(body: unknown): { kind: string; amountCents: number; description: string } {
  const { kind, amountCents, description = '' } = (body ?? {}) as Record<string, unknown>
  if (kind !== 'credit' && kind !== 'debit') throw new BadRequest('kind must be credit or debit')
  if (typeof amountCents !== 'number' || !Number.isSafeInteger(amountCents) || amountCents <= 0) {
    throw new BadRequest('amountCents must be a whole number over 0')
  }
  if (typeof description !== 'string' || description.length > longestDescription) {
    throw new BadRequest(`description must be a text of at most ${longestDescription} characters`)
  }
  return { kind, amountCents, description }
}
