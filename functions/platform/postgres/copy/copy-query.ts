import type { Socket } from 'node:net'
import type pg from 'pg'

/** The parts of `pg`'s Connection that COPY needs; its type declarations leave them out. */
export interface WireConnection {
  stream: Socket
  query(sql: string): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** The socket under a connected client. */
export function socketOf(client: pg.Client): Socket {
  return (client as unknown as { connection: WireConnection }).connection.stream
}

/**
 * One or more COPY statements in one text, as `pg` runs them: simple protocol, no rows. `done` settles at the server's last
 * message of it, or when the connection is lost.
 */
export class CopyQuery implements pg.Submittable {
  readonly #sql: string
  readonly done: Promise<void>
  #resolve: () => void = () => undefined
  #reject: (error: unknown) => void = () => undefined
  /** Called when a statement has ended well, with the server's own count of its rows. */
  onCopied: (rows: number) => void = () => undefined
  /** Called once at the end, before `done` settles, in the same turn. */
  onEnd: (error: unknown) => void = () => undefined
  /** Called when the server asks for COPY data. */
  onCopyIn: (connection: WireConnection) => void = () => undefined

  constructor(sql: string) {
    this.#sql = sql
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: unknown): void {
    ;(connection as WireConnection).query(this.#sql)
  }

  handleCopyInResponse(connection: WireConnection): void {
    this.onCopyIn(connection)
  }

  handleCommandComplete(message: { text: string }): void {
    const count = /^COPY (\d+)$/.exec(message.text)?.[1]
    if (count !== undefined) this.onCopied(Number(count))
  }

  /** The server's error message, or the loss of the connection; `pg` calls nothing more of this query after it. */
  handleError(error: Error): void {
    this.#end(error)
  }

  handleReadyForQuery(): void {
    this.#end(undefined)
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}

  #end(error: unknown): void {
    this.onEnd(error)
    if (error === undefined) this.#resolve()
    else this.#reject(error)
  }
}
