import type { Cluster } from '../../../config/cluster.ts'
import type { ImageFacts } from './image-facts.ts'
import type { JudgedGoal } from './judged-goals.ts'
import type { Risk } from './risk.ts'
import type { StoredProof } from './stored-proof.ts'
import type { DrillResult, LoadResult } from './tests.ts'

/** The format of `report.json` that this version writes. */
export const reportFormat = 1

/** `incomplete`: nothing failed, but something that must be shown was not. */
export type OverallVerdict = 'passed' | 'failed' | 'incomplete'

/** Everything that a handover report says, for programs and to be put into words. */
export interface HandoverReport {
  format: typeof reportFormat
  cluster: string
  title: string
  client?: string
  environment: Cluster['environment']
  timeZone: string
  ballast: string
  definition: string
  /** Of the newest record about this definition. */
  commit?: string
  /** When the newest record about this definition ended; absent where there is none. */
  asOf?: string
  verdict: OverallVerdict
  goals: JudgedGoal[]
  drills: DrillResult[]
  loads: LoadResult[]
  images: ImageFacts[]
  stored?: StoredProof[]
  risks: Risk[]
  approvers: { name: string; role: string }[]
}
