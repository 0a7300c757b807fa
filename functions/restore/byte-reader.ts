/** Takes runs of bytes, one after another, off a stream of pieces of any size. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]()
  }

  /** The next `count` bytes; throws a RangeError when the stream is shorter. The pieces must be taken to the end. */
  async *take(count: number): AsyncGenerator<Uint8Array> {
    let left = count
    while (left > 0) {
      if (this.#rest.length === 0) await this.#pull()
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async skip(count: number): Promise<void> {
    let left = count
    while (left > 0) {
      if (this.#rest.length === 0) await this.#pull()
      const skipped = Math.min(left, this.#rest.length)
      this.#rest = this.#rest.subarray(skipped)
      left -= skipped
    }
  }

  /** Lets go of the stream, also before its end. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  async #pull(): Promise<void> {
    const next = await this.#pieces.next()
    if (next.done === true) throw new RangeError('the stream ended before the bytes that were asked for')
    this.#rest = next.value
  }
}
