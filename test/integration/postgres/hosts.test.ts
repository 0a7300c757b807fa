import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { failureOf } from '../../support/failures.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { askPsql } from '../../support/stock-psql.ts'

const sandbox = useSandbox()

/** A primary whose sessions are read-only by default. */
let frozen: OwnPostgres
let ports: Record<'primary' | 'standby' | 'frozen' | 'down', number>
let user: { name: string; password: string }

beforeAll(async () => {
  frozen = await startOwnPostgres({ default_transaction_read_only: 'on' })
  ports = { primary: sandbox.primary.port, standby: sandbox.standby.port, frozen: frozen.port, down: 1 }
  const admin = new URL(sandbox.primary.adminUrl())
  user = { name: decodeURIComponent(admin.username), password: decodeURIComponent(admin.password) }
}, 120_000)
afterAll(() => frozen?.stop())

type Name = keyof typeof ports

/** The port that our session and psql end at, or `none`. */
async function chosen(hosts: readonly Name[], wanted: string): Promise<{ ours: string; psql: string }> {
  const list = hosts.map(() => '127.0.0.1').join(',')
  const port = hosts.map((name) => ports[name]).join(',')
  const conninfo = `host=${list} port=${port} user=${user.name} dbname=postgres target_session_attrs=${wanted}`
  const env = { HOME: '/nowhere', PGPASSWORD: user.password }
  const ours = await openSession(resolveConnection(conninfo, env)).then(
    async (session) => {
      await session.close()
      return String(session.address.port)
    },
    () => 'none',
  )
  const stock = await askPsql(frozen.psql, conninfo, `SELECT current_setting('port')`, env)
  return { ours, psql: stock.ok ? stock.text : 'none' }
}

describe('of several hosts, target_session_attrs chooses as with psql', () => {
  test.each(['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'])('%s', async (wanted) => {
    for (const hosts of [
      ['down', 'standby', 'primary'],
      ['primary', 'standby'],
      ['frozen', 'primary'],
      ['frozen', 'standby'],
      ['down', 'primary'],
      ['down'],
    ] satisfies Name[][]) {
      const { ours, psql } = await chosen(hosts, wanted)
      expect({ hosts, ours }).toEqual({ hosts, ours: psql })
    }
  })

  test('the standby is found behind a host that is down', async () => {
    expect((await chosen(['down', 'primary', 'standby'], 'standby')).ours).toBe(String(ports.standby))
    expect((await chosen(['down', 'primary'], 'prefer-standby')).ours).toBe(String(ports.primary))
  })

  test('none that fits: what each one was', async () => {
    const list = `host=127.0.0.1,127.0.0.1 port=1,${ports.primary} target_session_attrs=standby`
    const settings = resolveConnection(`${list} user=${user.name} dbname=postgres`, { PGPASSWORD: user.password, HOME: '/' })
    expect(await failureOf(openSession(settings))).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(
        /^none of the servers could be used: 127\.0\.0\.1:1: .*ECONNREFUSED.*; .*target_session_attrs=standby/,
      ),
    })
  })
})
