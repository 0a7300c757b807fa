/**
 * Gives the memory of a stream's output back at once, instead of leaving it to the collector, which sees memory outside
 * its heap late and then goes through all of the heap for it. Nothing may use the bytes any more. Bytes that do not reach to
 * the end of their buffer are left alone: the stream may still be writing behind them.
 */
export function discard(bytes: Uint8Array): void {
  const { buffer } = bytes
  const isLast = bytes.byteOffset + bytes.byteLength === buffer.byteLength
  if (isLast && buffer instanceof ArrayBuffer && buffer.byteLength >= worthwhileBytes) buffer.transfer(0)
}

/** Smaller buffers may be shared with others: Node cuts them from one slab. */
const worthwhileBytes = 256 * 1024
