import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../loadtests/reference-app/database.ts'

/** A message of PostgreSQL's protocol, version 3. */
function message(type: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'latin1')
  const head = Buffer.alloc(5, type)
  head.writeInt32BE(bytes.byteLength + 4, 1)
  return Buffer.concat([head, bytes])
}

const loggedIn = Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')])
/** What PgBouncer says when the server goes while a client is between two statements; it comes with the answer to the first. */
const crash = message('E', 'SFATAL\0C08P01\0Mserver conn crashed?\0\0')
const begunAndLost = Buffer.concat([message('C', 'BEGIN\0'), message('Z', 'T'), crash])

test('a connection that breaks in the middle of a transaction fails that transaction, and not the process', async () => {
  const pooler = createServer((socket) => {
    socket.once('data', () => {
      socket.write(loggedIn)
      socket.once('data', () => socket.end(begunAndLost))
    })
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(pooler, 'listening')
  const { port } = pooler.address() as AddressInfo
  const database = openDatabase({ databaseUrl: `postgresql://app@127.0.0.1:${port}/app?sslmode=disable`, poolSize: 1 })
  await expect(database.run('SELECT 1')).rejects.toThrow('not queryable')
  await expect(database.run('SELECT 1'), 'by a connection of its own').rejects.toThrow('not queryable')
  await database.close()
  pooler.close()
})
