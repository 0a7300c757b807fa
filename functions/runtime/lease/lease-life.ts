import { Failure } from '../../platform/failure.ts'

const variable = 'BALLAST_LEASE_SECONDS'
const defaultSeconds = 120
const [leastSeconds, mostSeconds] = [2, 3600]

/** How long the holder of a lease may be silent, in milliseconds: the time that a killed run keeps others waiting. */
export function leaseLifeMs(env: NodeJS.ProcessEnv): number {
  const text = env[variable] || String(defaultSeconds)
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (seconds >= leastSeconds && seconds <= mostSeconds) return seconds * 1000
  throw new Failure(`${variable} is "${text}"`, {
    kind: 'config',
    subject: variable,
    hint: `Set it to a whole number from ${leastSeconds} to ${mostSeconds}, or unset it.`,
  })
}
