/** Roles that are made for the drill, beside its own, and what each must be told at the door. */
export interface AttemptRoles {
  /** Its password is right, and its time is over. */
  expired: string
  superuser: string
  replication: string
  /** May log in, and has no password. */
  passwordless: string
}

/** One attempt to log in. */
export interface Attempt {
  /** What is tried, as the report calls it. */
  key:
    | 'rightPassword'
    | 'wrongPassword'
    | 'noPassword'
    | 'unknownRole'
    | 'expiredRole'
    | 'roleWithoutPassword'
    | 'superuser'
    | 'replicationRole'
    | 'withoutTls'
  through: 'pooler' | 'direct'
  user: string
  /** None is sent where it is left out. */
  password?: string
  plain?: true
  expected: 'letIn' | 'refused'
}

/** What is tried of each way in. */
export function attemptsOf(
  own: { user: string; password: string },
  roles: AttemptRoles,
  options: { through: Attempt['through']; withoutTls: boolean },
): Attempt[] {
  const { through, withoutTls } = options
  const { user, password } = own
  const refused = (key: Attempt['key'], who: string, secret?: string): Attempt => {
    return { key, through, user: who, ...(secret !== undefined && { password: secret }), expected: 'refused' }
  }
  return [
    { key: 'rightPassword', through, user, password, expected: 'letIn' },
    refused('wrongPassword', user, `not-${password}`),
    refused('noPassword', user),
    refused('unknownRole', `${user}_unknown`, password),
    refused('expiredRole', roles.expired, password),
    refused('roleWithoutPassword', roles.passwordless),
    refused('roleWithoutPassword', roles.passwordless, password),
    ...(through === 'pooler'
      ? [refused('superuser', roles.superuser, password), refused('replicationRole', roles.replication, password)]
      : []),
    ...(withoutTls ? [{ ...refused('withoutTls', user, password), plain: true as const }] : []),
  ]
}

/** A line of pg_hba.conf as the server has loaded it. */
export interface AccessRule {
  line: number
  type: string
  database: string
  user: string
  address: string
  method: string
  error: string
}

const proving = ['scram-sha-256', 'cert', 'reject']

/**
 * What is wrong with a line of pg_hba.conf, if anything: it must be read without an error, prove who comes from the network
 * with SCRAM or a certificate, and let nobody in without TLS but over loopback.
 */
export function ruleProblem({ type, address, method, error }: AccessRule, needsTls: boolean): string | undefined {
  if (error !== '') return error
  if (type === 'local') return method === 'trust' ? 'lets in everybody on the machine without a proof' : undefined
  if (!proving.includes(method)) return `lets in from the network by ${method}`
  const plain = (type === 'host' || type === 'hostnossl') && method !== 'reject'
  return needsTls && plain && !isLoopback(address) ? 'lets in from the network without TLS' : undefined
}

/** Whether an address, with or without a netmask, is the machine itself. */
export function isLoopback(address: string): boolean {
  return /^127\./.test(address) || address === '::1' || address === 'localhost' || address.startsWith('/')
}
