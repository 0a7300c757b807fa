import type { Observation } from '../../platform/alerts/observation.ts'
import type { Heartbeat } from '../../platform/heartbeat/heartbeat.ts'
import type { Outcome } from '../../platform/outcome.ts'

/** Something about a run that somebody was to hear, and did not. */
export interface Untold {
  by: 'alerts' | 'heartbeat' | 'history'
  message: string
  hint: string
  /** It was an alert that must not be missed: the run is not well when nobody heard it. */
  critical?: boolean
}

/** Those who hear of a run. What they throw is something untold, never the run's own failure. */
export interface Attendants {
  /** Raises and ends alerts; returns what nobody heard. */
  alert(observations: readonly Observation[], signal: AbortSignal): Promise<Untold[]>
  /** Adds the run to the history; returns what could not be kept. */
  record(outcome: Outcome, signal: AbortSignal): Promise<Untold[]>
  /** Pings the dead-man's switch that a run begins. */
  beginHeartbeat(): Promise<Heartbeat>
}
