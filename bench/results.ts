import type { StoreRequests } from '../functions/backup/scale/requests.ts'

/** The databases that are measured. */
export type DatasetName = 'mixed' | 'single' | 'small'

export type Operation = 'backup' | 'restore' | 'verify'

/** What one command used, from its start to its end. */
export interface Usage {
  seconds: number
  /** User and system time of the command with all its children. */
  clientCpuSeconds: number
  /** The same of the measured PostgreSQL server: all backends and background processes. */
  serverCpuSeconds: number
  /** The same of the S3 server. */
  storeCpuSeconds: number
  /** The busiest single thread of the command: what no further core can shorten. */
  busiestThreadSeconds: number
  /** The busiest single backend of the server. */
  busiestBackendSeconds: number
  /** Largest sum of the resident memory of the command with all its children, PostgreSQL servers apart. */
  peakRssBytes: number
}

/** One measured run. */
export interface Measurement extends Usage {
  dataset: DatasetName
  operation: Operation
  tool: string
  /** From 1. */
  round: number
  /** What the run left in the store; 0 where it stores nothing. */
  storedBytes: number
}

/** Ballast's peak memory at one size of the mixed database. */
export interface MemoryPoint {
  operation: Operation
  /** Size of the data in multiples of the run's scale. */
  size: number
  /** Rows as COPY text. */
  textBytes: number
  peakRssBytes: number
}

/** How workers were run: connections of one command, or one function each. */
export type ScalingWay = 'threads' | 'functions'

/** One backup by so many workers, to a store that takes little over one connection. */
export interface ScalingPoint {
  way: ScalingWay
  workers: number
  /** From the start to the set. */
  seconds: number
  /** Of it, that the rows were copied. */
  copySeconds: number
  storedBytes: number
  /** Of the command or the functions, PostgreSQL and the S3 server together. */
  cpuSeconds: number
}

/** What a plan said of a fanned-out backup, and what came of it. */
export interface PlannedPoint {
  /** Tables on the source's disk. */
  bytes: number
  tables: number
  workers: number
  /** The rates of the plan were measured with this one. */
  calibrates: boolean
  planned: PlanNumbers
  measured: PlanNumbers
}

export interface PlanNumbers {
  seconds: number
  units: number
  requests: StoreRequests
}

/** How slow a store is: over each connection, and to each request. */
export interface StorePace {
  bytesPerSecond: number
  latencyMs: number
}

/** What a database holds. */
export interface DatasetFacts {
  name: DatasetName
  tables: number
  rows: number
  /** As pg_dump's plain text. */
  textBytes: number
  /** On the server's disk, with indexes. */
  diskBytes: number
}

/** How long a stock uploader took for the sample. */
export interface UploaderTrial {
  name: string
  version: string
  seconds: number
  cpuSeconds: number
}

/** Where and with what it was measured. */
export interface MachineFacts {
  cores: number
  cpu: string
  memoryBytes: number
  system: string
  /** Version by program. */
  versions: Record<string, string>
  /** PostgreSQL settings beyond its defaults. */
  settings: Record<string, string>
}

/** Everything that the published report is made of. */
export interface BenchReport {
  format: 1
  /** ISO 8601, UTC. */
  takenAt: string
  scale: number
  rounds: number
  machine: MachineFacts
  datasets: DatasetFacts[]
  /** The uploader of all stock pipelines: the fastest of the trials. */
  uploader: string
  uploaderTrials: UploaderTrial[]
  measurements: Measurement[]
  memory: MemoryPoint[]
  /** By day, as {@link takenAt}; these may have been measured at another time. */
  scalingTakenAt?: string
  scalingStore?: StorePace
  scaling?: ScalingPoint[]
  planTakenAt?: string
  planStore?: StorePace
  plans?: PlannedPoint[]
}
