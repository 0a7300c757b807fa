/** Keeps the last bytes of a stream, so that a chatty tool cannot fill the memory. */
export class TailBuffer {
  readonly #limit: number
  readonly #parts: Uint8Array[] = []
  #bytes = 0
  #dropped = false

  /** @param limit how many bytes are kept, in bytes. */
  constructor(limit: number) {
    this.#limit = limit
  }

  add(bytes: Uint8Array): void {
    this.#parts.push(bytes)
    this.#bytes += bytes.byteLength
    while (this.#bytes > this.#limit) {
      const oldest = this.#parts.shift()
      if (oldest === undefined) return
      const excess = Math.min(this.#bytes - this.#limit, oldest.byteLength)
      this.#bytes -= excess
      this.#dropped = true
      const rest = oldest.subarray(excess)
      if (rest.byteLength > 0) this.#parts.unshift(rest)
    }
  }

  /** What was kept; begins with an ellipsis when older bytes were dropped. */
  text(): string {
    const text = Buffer.concat(this.#parts).toString('utf8')
    return this.#dropped ? `...${text}` : text
  }
}
