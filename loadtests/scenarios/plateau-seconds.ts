import type { LoadPlan } from '../plan.ts'

const smokeSeconds = 10

/** How long the plateau of the plan's profile is; those of profiles without one are as long as the smoke test's. */
export function plateauSeconds({ profile, profiles }: LoadPlan): number {
  switch (profile) {
    case 'average':
      return profiles.averageDurationSeconds
    case 'stress':
      return profiles.stressDurationSeconds
    case 'soak':
      return profiles.soakDurationSeconds
    case 'smoke':
    case 'spike':
    case 'breakpoint':
      return smokeSeconds
  }
}
