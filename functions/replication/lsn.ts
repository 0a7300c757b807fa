/** A position in the WAL as PostgreSQL writes it (`16/B374D848`), in bytes from its beginning. */
export function lsnBytes(lsn: string): bigint {
  const [, high = '', low = ''] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(lsn) ?? []
  if (low === '') throw new RangeError(`not a position in the WAL: ${lsn}`)
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

/** Bytes from one position to a later one; 0 when it is not later. */
export function bytesBetween(from: string, to: string): number {
  const distance = lsnBytes(to) - lsnBytes(from)
  return distance > 0n ? Number(distance) : 0
}

/**
 * The position after the last byte of a WAL segment, by the name of its file; undefined for what is no segment, such as a
 * timeline's history.
 */
export function segmentEnd(fileName: string, segmentBytes: number): string | undefined {
  const [, log, segment] = /^[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})$/.exec(fileName) ?? []
  if (log === undefined || segment === undefined) return undefined
  const end = (BigInt(`0x${log}`) << 32n) + (BigInt(`0x${segment}`) + 1n) * BigInt(segmentBytes)
  return `${(end >> 32n).toString(16)}/${(end & 0xffffffffn).toString(16)}`.toUpperCase()
}
