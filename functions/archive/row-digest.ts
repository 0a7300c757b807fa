/**
 * The order-independent digest of a table's rows: the sum, modulo 2^64, of XXH64 (seed 0) over each row's COPY text
 * without its newline. Being a sum, it is the same whatever the order and however the table was cut into chunks.
 */
export function addDigests(a: string, b: string): string {
  return BigInt.asUintN(64, BigInt(`0x${a}`) + BigInt(`0x${b}`))
    .toString(16)
    .padStart(16, '0')
}

/** The digest of no rows. */
export const emptyDigest = '0000000000000000'
