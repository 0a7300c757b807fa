/** What the servers said in one poll: plain data, in the servers' own words. Null is what a server does not know or tell. */
export interface ServerFacts {
  inRecovery: boolean
  systemId: string
  timeline: number
  /** The server's own clock. */
  clockMs: number
  /** Whether the role may see what other roles do; without it most of the rest is null. */
  seesAll: boolean
  connections: { used: number; max: number }
  /** The oldest open transaction of each role. */
  transactions: readonly OpenTransaction[]
  /** Missing where nobody asked, or where it took too long. */
  sizes?: { dataBytes: number; walBytes: number }
  primary?: PrimaryFacts
  standby?: StandbyFacts
}

export interface OpenTransaction {
  role: string | null
  /** `pid 4711`, or `gid name` of a prepared one. */
  who: string
  state: string | null
  ageSeconds: number
}

export interface StandbyFacts {
  pauseState: string | null
  receiver: { status: string | null; slot: string | null; host: string | null } | null
  /** How often it tells the primary where it is; 0 is never by itself. */
  statusIntervalSeconds: number
}

export interface PrimaryFacts {
  slots: readonly SlotFacts[]
  synchronous: { names: string; commit: string }
  archiver: ArchiverFacts
  segmentBytes: number
  /** Age in transactions at which the server itself becomes urgent about old rows. */
  freezeMaxAge: number
  /** At least one; the first and, where somebody was behind in it, a later one. */
  readings: readonly [WalReading, ...WalReading[]]
}

export interface SlotFacts {
  name: string
  type: string
  active: boolean
  walStatus: string | null
  safeWalBytes: number | null
  retainedBytes: number | null
  xminAge: number | null
  /** Since PostgreSQL 17. */
  inactiveSeconds: number | null
  /** Since PostgreSQL 17. */
  invalidation: string | null
}

export interface ArchiverFacts {
  mode: string
  lastSegment: string | null
  lastMs: number | null
  failedSegment: string | null
  failedMs: number | null
}

/** Where a primary was at one moment of its own clock, and where those were that stream from it. */
export interface WalReading {
  lsn: string
  clockMs: number
  senders: readonly SenderFacts[]
}

/** One connection that WAL is sent over. */
export interface SenderFacts {
  pid: number
  applicationName: string | null
  state: string | null
  syncState: string | null
  /** What has reached its disk, whether it is replayed or not. */
  flushLsn: string | null
  replayLsn: string | null
  /** By the clock of the standby. */
  replyMs: number | null
  /** The slot that it streams through. */
  slot: string | null
  logical: boolean
}

/** What a node answered, or why it did not. */
export type Answer<Facts> = { node: string } & ({ facts: Facts } | { problem: { message: string; hint: string } })
