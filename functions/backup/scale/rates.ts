import { assumedBytesPerSecond } from '../time-estimate.ts'

/** How fast everything is that a fanned-out run does; what is measured takes the place of what is assumed. */
export interface ScaleRates {
  /** Bytes of tables on disk that one connection reads, digests and compresses a second, if the store takes them. */
  copyBytesPerSecond: number
  /** Stored bytes of each byte of tables. */
  storedShare: number
  /** Bytes that the store takes a second over one connection. */
  storeBytesPerSecond: number
  /** Of a request to the store, beside its bytes. */
  requestSeconds: number
  /** From a call of a function until its code is at work: a new sandbox and a used one on average, and the state machine's own. */
  startSeconds: number
  /** To connect to the source and to import the snapshot. */
  connectSeconds: number
  /** Of each table in a unit, beside its bytes. */
  tableSeconds: number
  /** To read the catalogue, lock the tables and plan: once, and more for each table. */
  holdSeconds: number
  holdTableSeconds: number
  /** Of pg_dump and pg_dumpall: once, and more for each table. */
  describeSeconds: number
  describeTableSeconds: number
}

/** Where nothing is measured. The rate is the one that `backup` decides by; the others are on the slow side of what functions see. */
export const assumedRates: ScaleRates = {
  copyBytesPerSecond: assumedBytesPerSecond,
  storedShare: 0.25,
  storeBytesPerSecond: 50_000_000,
  requestSeconds: 0.03,
  startSeconds: 1,
  connectSeconds: 0.1,
  tableSeconds: 0.001,
  holdSeconds: 1,
  holdTableSeconds: 0.001,
  describeSeconds: 2,
  describeTableSeconds: 0.002,
}
