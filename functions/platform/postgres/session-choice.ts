import { Failure } from '../failure.ts'
import { TLS_FAILED, TLS_NOT_OFFERED } from './failure-codes.ts'
import type { TargetSessionAttributes } from './settings.ts'

/** What a server says of itself. */
export interface ServerState {
  standby: boolean
  /** default_transaction_read_only. */
  readOnly: boolean
}

/** The passes over the hosts: `prefer-standby` looks for a standby first and then takes any. */
export function passes(wanted: TargetSessionAttributes): readonly Exclude<TargetSessionAttributes, 'prefer-standby'>[] {
  return wanted === 'prefer-standby' ? ['standby', 'any'] : [wanted]
}

/** Whether a server is what target_session_attrs asks for. */
export function sessionFits(wanted: Exclude<TargetSessionAttributes, 'prefer-standby'>, state: ServerState): boolean {
  switch (wanted) {
    case 'any':
      return true
    case 'primary':
      return !state.standby
    case 'standby':
      return state.standby
    case 'read-write':
      return !state.standby && !state.readOnly
    case 'read-only':
      return state.standby || state.readOnly
  }
}

/** Codes after which libpq turns to the next address: it could not connect at all, or the server is not ready. */
const TRY_NEXT = new Set([
  'EAI_AGAIN',
  'EACCES',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'ETIMEDOUT',
  '57P03',
])

/** As in libpq, a server that refuses the log-in or the encryption ends the search. */
export function mayTryNextAddress(failure: Failure): boolean {
  return failure.code !== undefined && TRY_NEXT.has(failure.code)
}

/** As in libpq, only an answer (a refused log-in, a failed handshake) leads `allow` and `prefer` to their second attempt. */
export function mayTryOtherEncryption(failure: Failure): boolean {
  const { code = '' } = failure
  return code === TLS_FAILED || code === TLS_NOT_OFFERED || /^[0-9A-Z]{5}$/.test(code)
}

/** Of the attempts on one address, the failure that got furthest; the first of equals. */
export function mostTelling(failures: readonly Failure[]): Failure | undefined {
  return [...failures].sort((one, other) => distance(other) - distance(one))[0]
}

function distance(failure: Failure): number {
  if (failure.code === TLS_NOT_OFFERED) return 0
  if (failure.code === TLS_FAILED) return 1
  return failure.message.includes('no pg_hba.conf entry') ? 2 : 3
}

/** One failure that tells what each address answered. */
export function noneCouldBeUsed(failures: readonly Failure[]): Failure {
  const [first] = failures
  if (first !== undefined && failures.length === 1) return first
  const decisive = failures.find(({ kind }) => kind === 'transient') ?? first
  const told = [...new Set(failures.map(({ subject, message }) => `${subject}: ${message}`))].join('; ')
  return new Failure(`none of the servers could be used: ${told}`, {
    kind: decisive?.kind ?? 'bug',
    subject: decisive?.subject ?? 'connection',
    hint: decisive?.hint ?? 'Give at least one host.',
    ...(decisive?.code === undefined ? {} : { code: decisive.code }),
    cause: decisive,
  })
}
