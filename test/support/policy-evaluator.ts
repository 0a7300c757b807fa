/** A statement of an IAM policy as a template writes it, with its intrinsic functions. */
export interface PolicyStatement {
  Sid: string
  Effect: 'Allow' | 'Deny'
  Action: string | string[]
  Resource: unknown
  Condition?: Record<string, Record<string, unknown>>
}

/** One call as IAM sees it: keys that are absent from `context` are absent from the call. */
export interface PolicyCall {
  action: string
  resource: string
  context: Readonly<Record<string, string>>
}

/** What a policy says of a call, and by which statements. */
export interface PolicyVerdict {
  allowed: boolean
  by: string[]
}

/** Evaluates as IAM does for one identity: a Deny wins, then an Allow, else the call is refused. */
export function evaluatePolicy(statements: readonly PolicyStatement[], call: PolicyCall): PolicyVerdict {
  const matching = statements.filter((statement) => matches(statement, call))
  const denied = matching.some(({ Effect }) => Effect === 'Deny')
  const by = matching.filter(({ Effect }) => Effect === (denied ? 'Deny' : 'Allow')).map(({ Sid }) => Sid)
  return { allowed: !denied && by.length > 0, by }
}

function matches({ Action, Resource, Condition = {} }: PolicyStatement, { action, resource, context }: PolicyCall): boolean {
  if (!list(Action).some((pattern) => like(String(pattern), action))) return false
  if (!list(Resource).some((pattern) => like(resolved(pattern), resource))) return false
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], list(wanted).map(resolved))),
  )
}

/** Only the operators that our policies use: another one must be understood before a test may rely on it. */
function holds(operator: string, found: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'Null':
      return wanted.includes(String(found === undefined))
    case 'Bool':
    case 'StringEquals':
    case 'ForAnyValue:StringEquals':
    case 'ArnEquals':
      return found !== undefined && wanted.includes(found)
    default:
      throw new Error(`the condition operator ${operator} is not understood here`)
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'sa-east-1',
  'AWS::AccountId': '123456789012',
}

/** An ARN or text with its intrinsic functions; another resource of the template is known by its logical id alone. */
export function resolved(value: unknown): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::Sub': sub, 'Fn::GetAtt': attribute } = value as Record<string, unknown>
  if (typeof Ref === 'string') return `resource:${Ref}`
  if (Array.isArray(attribute)) return `resource:${attribute[0]}`
  return String(sub).replace(/\$\{([^}]+)\}/g, (whole, name: string) => pseudo[name] ?? whole)
}

/** IAM's wildcards: `*` for anything, `?` for one character. */
function like(pattern: string, text: string): boolean {
  const source = [...pattern].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
  return new RegExp(`^${source.join('')}$`, 's').test(text)
}
