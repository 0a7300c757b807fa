import type { Socket } from 'node:net'
import { Failure } from '../../failure.ts'
import { borrowReads, stopBorrowing } from '../borrowed-reads.ts'
import type { Session } from '../session.ts'
import { CopyQuery, socketOf } from './copy-query.ts'
import { type FilledBlock, RowScanner, ScanStatus } from './row-scanner.ts'
import { silenceLimitMs, watchSilence } from './silence.ts'

/** One `COPY ... TO STDOUT` (text format), and what it reads, for errors. */
export interface CopyOut {
  sql: string
  subject: string
}

/** What one COPY delivered. */
export interface CopyOutResult {
  rows: number
  /** COPY text, newlines included. */
  bytes: number
  /** Order-independent digest of the rows: see docs/archive-format.md. */
  digest: string
}

/** Takes the COPY text of one COPY after another. Calls never overlap. */
export interface CopySink {
  /** The bytes are valid until the promise resolves. */
  write(bytes: Uint8Array): Promise<void>
  /** The COPY that the last bytes belong to is complete. */
  end(): Promise<void>
}

/**
 * Reads COPY after COPY from one session.
 *
 * `pg` would hand over each row as an object, which costs more than the server's own work. So for that time the
 * socket's bytes go through {@link RowScanner}; every message that is not CopyData goes on to `pg` untouched, which
 * keeps errors, notices and the end of the query where they belong. When the sink is slower than the server the socket
 * is paused: memory stays at the scanner's few blocks.
 */
export class CopyOutReader {
  readonly #session: Session
  readonly #silenceMs: number
  readonly #scanner = new RowScanner()

  /** @param silenceMs after which a server that sends nothing counts as stuck. */
  constructor(session: Session, silenceMs: number = silenceLimitMs) {
    this.#session = session
    this.#silenceMs = silenceMs
  }

  /**
   * Runs the COPYs as one text, so that many small tables do not cost a round trip each; without a sink it only counts
   * and digests. Any failure leaves the session unusable: the caller closes it.
   */
  async copy(copies: readonly CopyOut[], sink?: CopySink): Promise<CopyOutResult[]> {
    if (copies.length === 0) return []
    const transfer = new CopyOutTransfer(this.#session, this.#scanner, sink)
    const query = new CopyQuery(copies.map(({ sql }) => sql).join(';\n'))
    const ended = transfer.run(query)
    const socket = socketOf(this.#session.client)
    const { subject } = copies[0] ?? { subject: '' }
    const endWatch = watchSilence(socket, this.#silenceMs, subject, () => !socket.isPaused())
    this.#session.client.query(query)
    try {
      await Promise.all([query.done, ended])
    } catch (error) {
      throw this.#session.explain(error, copies[transfer.results.length]?.subject ?? 'the rows')
    } finally {
      endWatch()
    }
    const { results, serverRows } = transfer
    copies.forEach(({ subject }, index) => {
      if (serverRows[index] === undefined || serverRows[index] !== results[index]?.rows) {
        throw changedStream(subject, serverRows[index], results[index]?.rows)
      }
    })
    if (this.#scanner.insideRow) throw changedStream(copies.at(-1)?.subject ?? '', undefined, undefined)
    return results
  }
}

function changedStream(subject: string, reported: number | undefined, arrived: number | undefined): Failure {
  return new Failure(`the server reported ${reported ?? 'no'} rows of ${subject} and ${arrived ?? 'others'} arrived`, {
    kind: 'bug',
    subject,
    hint: 'Something between Ballast and PostgreSQL changes the stream: connect to the server directly.',
  })
}

/** A piece of COPY text, or the end of one COPY's text. */
type Piece = FilledBlock | 'end'

/** The way of some COPYs from the socket to the sink. */
class CopyOutTransfer {
  readonly #scanner: RowScanner
  readonly #sink: CopySink | undefined
  readonly #socket: Socket
  readonly #listeners: ((bytes: Buffer) => void)[]
  readonly #queue: Piece[] = []
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk)
  #chunk: Buffer | undefined
  #foreignBytes = 0
  #detached = false
  #draining = false
  #serverDone = false
  #finish: () => void = () => undefined
  #fail: (error: unknown) => void = () => undefined
  #bytes = 0
  #rowsBefore = 0
  #digestBefore = 0n
  /** Of the COPYs that the server has ended, by our own count and by the server's. */
  readonly results: CopyOutResult[] = []
  readonly serverRows: number[] = []

  constructor(session: Session, scanner: RowScanner, sink: CopySink | undefined) {
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
    query.onCopied = (rows) => this.#endCopy(rows)
    query.onEnd = (error) => {
      this.#detach()
      if (error !== undefined) {
        this.#queue.length = 0
        return this.#fail(error)
      }
      this.#serverDone = true
      if (!this.#draining) this.#finish()
    }
    return new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
  }

  #endCopy(serverRows: number): void {
    const { rows, digest } = this.#scanner
    this.#push(this.#scanner.takeRest())
    this.serverRows.push(serverRows)
    this.results.push({
      rows: rows - this.#rowsBefore,
      bytes: this.#bytes,
      digest: BigInt.asUintN(64, digest - this.#digestBefore)
        .toString(16)
        .padStart(16, '0'),
    })
    this.#rowsBefore = rows
    this.#digestBefore = digest
    this.#bytes = 0
    this.#push('end')
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

  #push(piece: Piece): void {
    if (piece !== 'end') this.#bytes += piece.bytes.length
    if (this.#sink === undefined) {
      if (piece !== 'end') this.#scanner.release(piece)
      return
    }
    this.#queue.push(piece)
    if (!this.#draining) void this.#drain(this.#sink)
  }

  async #drain(sink: CopySink): Promise<void> {
    this.#draining = true
    try {
      for (let piece = this.#queue.shift(); piece !== undefined; piece = this.#queue.shift()) {
        if (piece === 'end') {
          await sink.end()
          continue
        }
        if (piece.bytes.length > 0) await sink.write(piece.bytes)
        this.#scanner.release(piece)
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
