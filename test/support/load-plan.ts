import type { LoadPlan, Target } from '../../loadtests/plan.ts'

/** A plan with the default goals, for these targets; a smoke test unless more is said. */
export function loadPlan(targets: readonly Target[], more: Partial<LoadPlan> = {}): LoadPlan {
  return {
    profile: 'smoke',
    scenarios: ['expectedLoad'],
    targets,
    goals: { ratePerSecond: 50, maxLostPercent: 5, p95Ms: 200, p99Ms: 500, minSuccessPercent: 99.9, websockets: 100 },
    profiles: { averageDurationSeconds: 600, stressDurationSeconds: 600, soakDurationSeconds: 14_400 },
    limits: { virtualUsers: 500, durationSeconds: 43_200 },
    poolClients: 200,
    arrangedSeconds: 4,
    ...more,
  }
}

/** Two services and their websockets, where nothing listens. */
export const exampleTargets: readonly Target[] = [
  { name: 'entries', url: 'http://127.0.0.1:1/entries' },
  { name: 'consolidation', url: 'http://127.0.0.1:2/daily' },
  { name: 'websocket', url: 'ws://127.0.0.1:1/live' },
]
