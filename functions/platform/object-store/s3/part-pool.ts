import { PartBuffer } from './part-buffer.ts'

const kept = 4

/**
 * Buffers of finished uploads, for the next ones. A worker stores one unit after another: without this each would leave
 * two parts as garbage, which the collector sees late because it lies outside its heap (measured).
 */
export class PartPool {
  readonly #free: PartBuffer[] = []

  take(size: number): PartBuffer {
    const index = this.#free.findIndex((part) => part.size === size)
    const [part] = index === -1 ? [] : this.#free.splice(index, 1)
    part?.clear()
    return part ?? new PartBuffer(size)
  }

  /** Gives back a buffer that nothing sends from any more. */
  give(part: PartBuffer): void {
    if (this.#free.length < kept) this.#free.push(part)
  }
}
