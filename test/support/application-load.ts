import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

const QUERY = 'SELECT count(*) FROM app WHERE id % 7 = 1'
const ROUNDS = 25
const WITHIN_MS = 60_000

/** Application clients that query an unqualified table without pause, each on a connection of its own. */
export class ApplicationLoad {
  readonly errors: string[] = []
  readonly #counts: number[]
  readonly #clients: Client[]
  readonly #running: Promise<void>[]
  #stopped = false

  private constructor(clients: Client[]) {
    this.#clients = clients
    this.#counts = clients.map(() => 0)
    this.#running = clients.map((client, index) => this.#work(client, index))
  }

  static async start(url: string, clients: number): Promise<ApplicationLoad> {
    const connected = Array.from({ length: clients }, () => new Client({ connectionString: url }))
    await Promise.all(connected.map((client) => client.connect()))
    return new ApplicationLoad(connected)
  }

  /** Resolves when each client has ended a number of further queries, well or badly. */
  async everyClientGetsOn(): Promise<void> {
    const goals = this.#counts.map((count) => count + ROUNDS)
    const deadline = performance.now() + WITHIN_MS
    while (this.#counts.some((count, index) => count < (goals[index] ?? 0))) {
      if (performance.now() > deadline) throw new Error(`the load came to a halt: ${this.errors[0] ?? 'no error'}`)
      await sleep(10)
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#running)
    await Promise.all(this.#clients.map((client) => client.end()))
  }

  async #work(client: Client, index: number): Promise<void> {
    client.on('error', (error) => this.errors.push(error.message))
    while (!this.#stopped) {
      await client.query(QUERY).catch((error: Error) => this.errors.push(error.message))
      this.#counts[index] = (this.#counts[index] ?? 0) + 1
    }
  }
}
