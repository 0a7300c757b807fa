import { conninfoFailure } from './conninfo-failure.ts'
import type { Gathered } from './gathered-parameters.ts'
import type { ConnectionSettings, SslMode, TargetSessionAttributes } from './settings.ts'

/** libpq waits without limit; an unattended run must not, so this holds where nothing is said. */
export const DEFAULT_CONNECT_TIMEOUT_SECONDS = 30

const SSL_MODES: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']
const SESSION_ATTRIBUTES: readonly TargetSessionAttributes[] = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
]

/** @param systemRoots whether sslrootcert is `system`, which libpq allows with full verification only. */
export function parseSslMode(given: Gathered | undefined, systemRoots: boolean): SslMode {
  if (!given) return systemRoots ? 'verify-full' : 'prefer'
  const mode = oneOf(SSL_MODES, 'sslmode', given)
  if (systemRoots && mode !== 'verify-full') {
    throw conninfoFailure(
      `weak sslmode "${mode}" may not be used with sslrootcert=system`,
      'Use sslmode=verify-full, or name a file of your own root certificates.',
    )
  }
  return mode
}

export function parseSessionAttributes(given: Gathered | undefined): TargetSessionAttributes {
  return given ? oneOf(SESSION_ATTRIBUTES, 'target_session_attrs', given) : 'any'
}

/** `prefer` is what happens anyway; pg cannot insist on the binding. */
export function parseChannelBinding(given: Gathered | undefined): Pick<ConnectionSettings, 'channelBinding'> {
  if (!given) return {}
  const binding = oneOf(['disable', 'prefer', 'require'] as const, 'channel_binding', given)
  if (binding === 'require') {
    throw conninfoFailure(
      `channel_binding=require of ${given.origin} cannot be honoured`,
      'Use channel_binding=prefer with sslmode=verify-full, which proves the server by its certificate.',
    )
  }
  return binding === 'disable' ? { channelBinding: binding } : {}
}

/** Seconds; 0 or a negative number is no limit, and 1 becomes 2, as in libpq. */
export function parseConnectTimeout(given: Gathered | undefined): number {
  if (!given) return DEFAULT_CONNECT_TIMEOUT_SECONDS
  if (!/^\s*[+-]?\d{1,9}\s*$/.test(given.value)) {
    throw conninfoFailure(`connect_timeout of ${given.origin} is not a whole number of seconds`)
  }
  const seconds = Number(given.value)
  if (seconds <= 0) return 0
  return Math.max(seconds, 2)
}

function oneOf<T extends string>(allowed: readonly T[], name: string, given: Gathered): T {
  const value = allowed.find((candidate) => candidate === given.value)
  if (value === undefined) {
    throw conninfoFailure(`invalid ${name} value "${given.value}" in ${given.origin}`, `Use one of: ${allowed.join(', ')}.`)
  }
  return value
}
