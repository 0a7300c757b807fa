import type { Socket } from 'node:net'
import { Failure } from '../../failure.ts'
import { borrowReads, stopBorrowing } from '../borrowed-reads.ts'
import { postgresFailure } from '../errors.ts'
import type { Session } from '../session.ts'
import { CopyQuery, socketOf } from './copy-query.ts'
import { type FilledBlock, RowScanner, ScanStatus } from './row-scanner.ts'

/** What one COPY delivered. */
export interface CopyOutResult {
  rows: number
  /** COPY text, newlines included. */
  bytes: number
  /** Order-independent digest of the rows: see docs/archive-format.md. */
  digest: string
}

/** Takes a block of COPY text; the bytes are valid until the promise resolves. Calls never overlap. */
export type BlockSink = (bytes: Uint8Array) => Promise<void>

/**
 * Reads `COPY ... TO STDOUT` (text format) from one session.
 *
 * `pg` would hand over each row as an object, which costs more than the server's own work. So for the time of a COPY
 * the socket's bytes go through {@link RowScanner}; every message that is not CopyData goes on to `pg` untouched, which
 * keeps errors, notices and the end of the query where they belong. When the sink is slower than the server the socket
 * is paused: memory stays at the scanner's few blocks.
 */
export class CopyOutReader {
  readonly #session: Session
  readonly #scanner = new RowScanner()

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Runs one COPY; without a sink it only counts and digests.
   * Any failure leaves the session unusable: the caller closes it.
   */
  async copy(sql: string, subject: string, sink?: BlockSink): Promise<CopyOutResult> {
    const transfer = new CopyOutTransfer(this.#session, this.#scanner, sink)
    const query = new CopyQuery(sql)
    const ended = transfer.run(query)
    this.#session.client.query(query)
    try {
      await Promise.all([query.done, ended])
    } catch (error) {
      throw postgresFailure(error, subject)
    }
    if (query.rows !== this.#scanner.rows || this.#scanner.insideRow) {
      throw new Failure(`the server reported ${query.rows} rows of ${subject} and ${this.#scanner.rows} arrived`, {
        kind: 'bug',
        subject,
        hint: 'Something between Ballast and PostgreSQL changes the stream: connect to the server directly.',
      })
    }
    return { rows: this.#scanner.rows, bytes: transfer.bytes, digest: this.#scanner.digest }
  }
}

/** One COPY's way from the socket to the sink. */
class CopyOutTransfer {
  readonly #scanner: RowScanner
  readonly #sink: BlockSink | undefined
  readonly #socket: Socket
  readonly #listeners: ((bytes: Buffer) => void)[]
  readonly #queue: FilledBlock[] = []
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk)
  #chunk: Buffer | undefined
  #foreignBytes = 0
  #detached = false
  #draining = false
  #serverDone = false
  #finish: () => void = () => undefined
  #fail: (error: unknown) => void = () => undefined
  bytes = 0

  constructor(session: Session, scanner: RowScanner, sink: BlockSink | undefined) {
    this.#scanner = scanner
    this.#sink = sink
    this.#socket = socketOf(session.client)
    this.#listeners = this.#socket.listeners('data') as ((bytes: Buffer) => void)[]
    scanner.reset()
    this.#socket.removeAllListeners('data')
    borrowReads(this.#socket)
    this.#socket.on('data', this.#onData)
  }

  /** Resolves when every row has been taken by the sink; rejects with the sink's own error. */
  run(query: CopyQuery): Promise<void> {
    query.onEnd = (error) => {
      this.#detach()
      if (error !== undefined) {
        this.#queue.length = 0
        return this.#fail(error)
      }
      this.#serverDone = true
      this.#push(this.#scanner.rest())
    }
    return new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
  }

  #detach(): void {
    this.#detached = true
    stopBorrowing(this.#socket)
    this.#socket.off('data', this.#onData)
    for (const listener of this.#listeners) this.#socket.on('data', listener)
  }

  #forward(bytes: Uint8Array): void {
    const copy = Buffer.from(bytes)
    for (const listener of this.#listeners) listener(copy)
  }

  #receive(chunk: Buffer): void {
    this.#chunk = chunk
    this.#pump()
  }

  /** Scans what has arrived until it is used up or no block is free. */
  #pump(): void {
    for (;;) {
      if (this.#foreignBytes > 0) this.#forwardMessage()
      if (this.#detached) {
        this.#forwardRest()
        return
      }
      const status = this.#scanner.scan()
      if (status === ScanStatus.blockFull) {
        const block = this.#scanner.turn()
        if (block === undefined) {
          // What is left of the chunk stays in the socket's buffer, which is not written while it is paused.
          this.#socket.pause()
          return
        }
        this.#push(block)
      } else if (status === ScanStatus.otherMessage) {
        // Type byte, then a big-endian length that counts itself.
        this.#foreignBytes = 1 + Buffer.from(this.#scanner.unread.subarray(1, 5)).readInt32BE(0)
      } else if (status === ScanStatus.notARow) {
        this.#socket.destroy(new Error('a CopyData message did not end in a newline'))
        return
      } else if (!this.#loadMore()) return
    }
  }

  #forwardMessage(): void {
    const bytes = this.#scanner.unread.subarray(0, this.#foreignBytes)
    this.#scanner.skip(bytes.length)
    this.#foreignBytes -= bytes.length
    if (bytes.length > 0) this.#forward(bytes)
  }

  /** The query ended inside a chunk: what follows belongs to `pg` alone. */
  #forwardRest(): void {
    const rest = [this.#scanner.unread, this.#chunk ?? Buffer.alloc(0)]
    this.#chunk = undefined
    for (const bytes of rest) if (bytes.length > 0) this.#forward(bytes)
  }

  #loadMore(): boolean {
    const chunk = this.#chunk
    if (chunk === undefined) return false
    const taken = this.#scanner.load(chunk)
    this.#chunk = taken < chunk.length ? chunk.subarray(taken) : undefined
    return true
  }

  #push(block: FilledBlock): void {
    this.bytes += block.bytes.length
    if (this.#sink === undefined) {
      this.#scanner.release(block)
      if (this.#serverDone) this.#finish()
      return
    }
    this.#queue.push(block)
    if (!this.#draining) void this.#drain(this.#sink)
  }

  async #drain(sink: BlockSink): Promise<void> {
    this.#draining = true
    try {
      for (let block = this.#queue.shift(); block !== undefined; block = this.#queue.shift()) {
        if (block.bytes.length > 0) await sink(block.bytes)
        this.#scanner.release(block)
        if (this.#socket.isPaused()) {
          this.#socket.resume()
          this.#pump()
        }
      }
    } catch (error) {
      this.#fail(error)
      this.#socket.destroy()
      return
    }
    this.#draining = false
    if (this.#serverDone) this.#finish()
  }
}
