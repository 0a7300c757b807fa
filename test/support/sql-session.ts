import { Client } from 'pg'

/** A session of somebody else's, kept open between statements. */
export class SqlSession {
  readonly #client: Client
  pid = 0

  private constructor(client: Client) {
    this.#client = client
    // The tests end servers and sessions; what matters is what the engine makes of it.
    client.on('error', () => undefined)
  }

  static async open(url: string): Promise<SqlSession> {
    const client = new Client({ connectionString: url, application_name: 'somebody else' })
    const session = new SqlSession(client)
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    session.pid = rows[0]?.pid ?? 0
    return session
  }

  async run(sql: string): Promise<void> {
    await this.#client.query(sql)
  }

  /** The first column of the only row, as text. */
  async value(sql: string): Promise<string> {
    const { rows } = await this.#client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return String(rows[0]?.[0])
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined)
  }
}
