import { readFileSync } from 'node:fs'

/** What `scan` stopped for; the meaning of each is in row-scanner.wat. */
export const ScanStatus = { inputUsed: 0, blockFull: 1, otherMessage: 2, notARow: 3 } as const

interface ScannerExports {
  memory: WebAssembly.Memory
  status: WebAssembly.Global<'i32'>
  out: WebAssembly.Global<'i32'>
  outEnd: WebAssembly.Global<'i32'>
  rowStart: WebAssembly.Global<'i32'>
  frameLeft: WebAssembly.Global<'i32'>
  rows: WebAssembly.Global<'i64'>
  digest: WebAssembly.Global<'i64'>
  scan(from: number, end: number): number
  fold(): number
  reset(): void
}

const inputBytes = 256 * 1024
/** One block is one write to the compressor: smaller blocks cost calls, larger ones only memory. */
export const blockBytes = 1024 * 1024
const blockCount = 4

const module = new WebAssembly.Module(readFileSync(new URL('./row-scanner.wasm', import.meta.url)))

/** A range of the scanner's memory that holds COPY text. */
export interface FilledBlock {
  bytes: Uint8Array
  /** The block that is free once these bytes are used; undefined while the scanner still fills it. */
  index?: number
}

/**
 * Framing and digest of one COPY after another, over a fixed memory of 4.4 MB: an input area and a ring of output blocks.
 * Synchronous and pure but for that memory; who feeds it and who empties it is the caller's matter.
 */
export class RowScanner {
  readonly #wasm = new WebAssembly.Instance(module).exports as unknown as ScannerExports
  readonly #memory = new Uint8Array(this.#wasm.memory.buffer)
  readonly #free: number[] = []
  #current = 0
  #taken = 0
  #inputStart = 0
  #inputEnd = 0

  /** Makes ready for the next stream; all blocks are free again. */
  reset(): void {
    this.#wasm.reset()
    this.#free.length = 0
    for (let index = blockCount - 1; index > 0; index -= 1) this.#free.push(index)
    this.#inputStart = 0
    this.#inputEnd = 0
    this.#begin(0, 0)
  }

  /** Rows whose last byte has been seen. */
  get rows(): number {
    return Number(this.#wasm.rows.value)
  }

  /** Sum of XXH64 over those rows, modulo 2^64. */
  get digest(): bigint {
    return BigInt.asUintN(64, this.#wasm.digest.value)
  }

  /** True while a row has begun and not ended. */
  get insideRow(): boolean {
    return this.#wasm.frameLeft.value !== 0
  }

  /** Input bytes not scanned yet. */
  get unread(): Uint8Array {
    return this.#memory.subarray(this.#inputStart, this.#inputEnd)
  }

  /** Copies as many bytes as fit behind the unread input; returns how many. */
  load(bytes: Uint8Array): number {
    if (this.#inputStart > 0) {
      this.#memory.copyWithin(0, this.#inputStart, this.#inputEnd)
      this.#inputEnd -= this.#inputStart
      this.#inputStart = 0
    }
    const count = Math.min(bytes.length, inputBytes - this.#inputEnd)
    this.#memory.set(count === bytes.length ? bytes : bytes.subarray(0, count), this.#inputEnd)
    this.#inputEnd += count
    return count
  }

  /** Scans the input until something other than rows needs attention: a value of {@link ScanStatus}. */
  scan(): number {
    this.#inputStart = this.#wasm.scan(this.#inputStart, this.#inputEnd)
    return this.#wasm.status.value
  }

  /** Drops input bytes that belong to a message that is not CopyData. */
  skip(count: number): void {
    this.#inputStart += count
  }

  /**
   * Moves on to a free block, taking the unfinished row along; returns the full one, or undefined when none is free.
   * A row that fills a block alone is folded into the digest stripe by stripe, so no row is too long.
   */
  turn(): FilledBlock | undefined {
    const next = this.#free.pop()
    if (next === undefined) return undefined
    const start = this.#blockStart(this.#current)
    const rowStart = this.#wasm.rowStart.value
    const stop = rowStart > start ? rowStart : this.#wasm.fold()
    const filled = { index: this.#current, bytes: this.#memory.subarray(this.#taken, stop) }
    const carried = this.#wasm.out.value - stop
    this.#memory.copyWithin(this.#blockStart(next), stop, stop + carried)
    this.#begin(next, carried)
    return filled
  }

  /** What the current block holds since the last call, without its end: the last piece of a COPY. */
  takeRest(): FilledBlock {
    const bytes = this.#memory.subarray(this.#taken, this.#wasm.out.value)
    this.#taken = this.#wasm.out.value
    return { bytes }
  }

  /** Says that bytes that were returned are used; those of one block in order. */
  release({ index }: FilledBlock): void {
    if (index !== undefined) this.#free.push(index)
  }

  #begin(index: number, carried: number): void {
    const start = this.#blockStart(index)
    this.#current = index
    this.#taken = start
    this.#wasm.out.value = start + carried
    this.#wasm.outEnd.value = start + blockBytes
    this.#wasm.rowStart.value = start
  }

  #blockStart(index: number): number {
    return inputBytes + index * blockBytes
  }
}
