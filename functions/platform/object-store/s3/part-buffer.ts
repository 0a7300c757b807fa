import { createHash } from 'node:crypto'

/** Collects the bytes of one part, copied, with their SHA-256. */
export class PartBuffer {
  readonly #bytes: Buffer
  #filled = 0
  #hash = createHash('sha256')

  constructor(size: number) {
    // Outside Node's pool; pages that stay unused are never touched, so a small object costs little.
    this.#bytes = Buffer.allocUnsafeSlow(size)
  }

  get size(): number {
    return this.#bytes.byteLength
  }

  get full(): boolean {
    return this.#filled === this.#bytes.byteLength
  }

  /** Copies as many of the bytes as there is room for, and says how many. */
  append(bytes: Uint8Array): number {
    const taken = Math.min(bytes.byteLength, this.#bytes.byteLength - this.#filled)
    this.#bytes.set(bytes.subarray(0, taken), this.#filled)
    this.#hash.update(this.#bytes.subarray(this.#filled, this.#filled + taken))
    this.#filled += taken
    return taken
  }

  /** What was collected. The body is a view: it holds until `clear`. */
  take(): { body: Uint8Array; digest: Buffer } {
    return { body: this.#bytes.subarray(0, this.#filled), digest: this.#hash.copy().digest() }
  }

  clear(): void {
    this.#filled = 0
    this.#hash = createHash('sha256')
  }
}
