import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import xxhash from 'xxhash-wasm'
import { blockBytes, type FilledBlock, RowScanner, ScanStatus } from '../../../functions/platform/postgres/copy/row-scanner.ts'

const { h64Raw } = await xxhash()

/** A message of the wire protocol: its type, and its body after the length. */
interface Message {
  type: string
  body: Buffer
}

/** Bytes that repeat nowhere near, newlines and `d`s among them. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = (seed | 1) >>> 0
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[index] = state
  }
  return bytes
}

function wire(messages: readonly Message[]): Buffer {
  return Buffer.concat(
    messages.map(({ type, body }) => {
      const header = Buffer.alloc(5)
      header.write(type, 'latin1')
      header.writeInt32BE(body.length + 4, 1)
      return Buffer.concat([header, body])
    }),
  )
}

const rowMessage = (row: Buffer): Message => ({ type: 'd', body: Buffer.concat([row, Buffer.from('\n')]) })
const isRow = ({ type }: Message): boolean => type === 'd'

/** By the other implementation: the sum of XXH64 over the rows without their newlines. */
function expectedDigest(messages: readonly Message[]): string {
  const sum = messages.filter(isRow).reduce((total, { body }) => total + h64Raw(body.subarray(0, -1)), 0n)
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0')
}

/** What came out of a scanner that was fed as the COPY reader feeds it. */
interface Scanned {
  text: Buffer
  others: Buffer
  rows: number
  digest: string
  insideRow: boolean
  status: number
}

/**
 * @param sizes lengths of the pieces that the bytes arrive in, used over and over.
 * @param held how many full blocks the consumer keeps before it gives the first one back.
 */
function scanAll(scanner: RowScanner, bytes: Buffer, sizes: readonly number[], held: number): Scanned {
  const text: Buffer[] = []
  const others: Buffer[] = []
  const kept: FilledBlock[] = []
  let foreignBytes = 0
  let status: number = ScanStatus.inputUsed
  const drain = (limit: number): void => {
    while (kept.length > limit) {
      const block = kept.shift()
      if (block === undefined) return
      text.push(Buffer.from(block.bytes))
      scanner.release(block)
    }
  }
  const consume = (): void => {
    for (;;) {
      if (foreignBytes > 0) {
        const part = scanner.unread.subarray(0, foreignBytes)
        others.push(Buffer.from(part))
        foreignBytes -= part.length
        scanner.skip(part.length)
        if (foreignBytes > 0) return
      }
      status = scanner.scan()
      if (status === ScanStatus.blockFull) {
        const block = scanner.turn()
        if (block === undefined) drain(0)
        else kept.push(block)
        drain(held)
      } else if (status === ScanStatus.otherMessage) {
        // As at the end of a COPY that others follow.
        if (!scanner.insideRow) kept.push(scanner.takeRest())
        foreignBytes = 1 + Buffer.from(scanner.unread.subarray(1, 5)).readInt32BE(0)
      } else return
    }
  }
  scanner.reset()
  let offset = 0
  for (let piece = 0; offset < bytes.length && status !== ScanStatus.notARow; piece += 1) {
    let chunk = bytes.subarray(offset, offset + (sizes[piece % sizes.length] ?? 1))
    offset += chunk.length
    while (chunk.length > 0 && status !== ScanStatus.notARow) {
      chunk = chunk.subarray(scanner.load(chunk))
      consume()
    }
  }
  drain(0)
  text.push(Buffer.from(scanner.takeRest().bytes))
  return {
    text: Buffer.concat(text),
    others: Buffer.concat(others),
    rows: scanner.rows,
    digest: scanner.digest.toString(16).padStart(16, '0'),
    insideRow: scanner.insideRow,
    status,
  }
}

/** Compares without printing megabytes when it fails. */
function expectScan(found: Scanned, messages: readonly Message[]): void {
  const rows = messages.filter(isRow)
  const { text, others, ...rest } = found
  expect(rest).toEqual({
    rows: rows.length,
    digest: expectedDigest(messages),
    insideRow: false,
    status: ScanStatus.inputUsed,
  })
  expect(text.equals(Buffer.concat(rows.map(({ body }) => body)))).toBe(true)
  expect(others.equals(wire(messages.filter((message) => !isRow(message))))).toBe(true)
}

const seed = fc.integer({ min: 0, max: 0x7fffffff })
const sized = (length: fc.Arbitrary<number>): fc.Arbitrary<Buffer> =>
  fc.tuple(length, seed).map(([bytes, from]) => noise(bytes, from))
const other: fc.Arbitrary<Message> = fc.record({
  type: fc.constantFrom('N', 'S', 'A', 'c', 'C'),
  body: sized(fc.oneof(fc.nat(200), fc.integer({ min: 262_100, max: 600_000 }))),
})
const shortRow = sized(fc.nat(300)).map(rowMessage)
const longRow = sized(
  fc.oneof(
    { weight: 3, arbitrary: fc.nat(64 * 1024) },
    { weight: 3, arbitrary: fc.integer({ min: blockBytes - 70, max: blockBytes + 70 }) },
    { weight: 2, arbitrary: fc.integer({ min: blockBytes, max: 3 * blockBytes }) },
    { weight: 1, arbitrary: fc.integer({ min: 4 * blockBytes, max: 6 * blockBytes }) },
  ),
).map(rowMessage)
const pieces = (max: number): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 20 })
const heldBlocks = fc.integer({ min: 0, max: 4 })

describe('a stream of rows', () => {
  const scanner = new RowScanner()

  test('short rows give the same text and digest however the bytes arrive, other messages between them or not', () => {
    const messages = fc.array(fc.oneof({ weight: 9, arbitrary: shortRow }, { weight: 1, arbitrary: other }), { maxLength: 60 })
    fc.assert(
      fc.property(messages, pieces(700), (sent, sizes) => expectScan(scanAll(scanner, wire(sent), sizes, 0), sent)),
      { numRuns: 300 },
    )
  })

  test('one byte at a time', () => {
    fc.assert(
      fc.property(fc.array(shortRow, { maxLength: 20 }), (sent) => expectScan(scanAll(scanner, wire(sent), [1], 0), sent)),
      { numRuns: 30 },
    )
  })

  test('rows longer than a block, and longer than all blocks', () => {
    const messages = fc.array(
      fc.oneof({ weight: 4, arbitrary: longRow }, { weight: 3, arbitrary: shortRow }, { weight: 1, arbitrary: other }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(messages, pieces(256 * 1024), heldBlocks, (sent, sizes, held) =>
        expectScan(scanAll(scanner, wire(sent), sizes, held), sent),
      ),
      { numRuns: 60 },
    )
  })

  test('every length around what a hash reads in one go, and empty rows', () => {
    const sent = Array.from({ length: 200 }, (_, length) => rowMessage(noise(length, length + 1)))
    sent.push(...Array.from({ length: 5 }, () => rowMessage(Buffer.alloc(0))))
    expectScan(scanAll(scanner, wire(sent), [7, 64, 1000], 0), sent)
  })

  test('a row that ends with the block, to the byte, and one on either side', () => {
    for (const length of [blockBytes - 2, blockBytes - 1, blockBytes]) {
      const sent = [rowMessage(noise(length, length)), rowMessage(noise(10, 1)), rowMessage(noise(blockBytes * 2 - 11, 2))]
      expectScan(scanAll(scanner, wire(sent), [65_536], 2), sent)
    }
  })

  test('nothing of a COPY that was left in the middle shows in the next one', () => {
    const broken = wire([rowMessage(noise(2 * blockBytes, 5))]).subarray(0, blockBytes + 1000)
    expect(scanAll(scanner, broken, [65_536], 0).insideRow).toBe(true)
    const sent = [rowMessage(noise(40, 6)), rowMessage(noise(2 * blockBytes, 7))]
    expectScan(scanAll(scanner, wire(sent), [65_536], 0), sent)
  })

  test('no rows at all have the digest zero', () => {
    expectScan(scanAll(scanner, Buffer.alloc(0), [1], 0), [])
    expect(scanner.digest).toBe(0n)
  })
})

describe('what is no row of COPY text', () => {
  const scanner = new RowScanner()

  test.each([
    ['ends without a newline', Buffer.from('a\tb')],
    ['is empty', Buffer.alloc(0)],
  ])('a frame that %s is refused', (_, body) => {
    const good = rowMessage(Buffer.from('1'))
    const { status, rows } = scanAll(scanner, wire([good, { type: 'd', body }, good]), [4096], 0)
    expect({ status, rows }).toEqual({ status: ScanStatus.notARow, rows: 1 })
  })
})

test('the digest does not depend on the order of the rows', () => {
  const scanner = new RowScanner()
  fc.assert(
    fc.property(fc.array(shortRow, { minLength: 2, maxLength: 30 }), (sent) => {
      const forward = scanAll(scanner, wire(sent), [4096], 0).digest
      const backward = scanAll(scanner, wire(sent.toReversed()), [4096], 0).digest
      expect(backward).toBe(forward)
    }),
  )
})
