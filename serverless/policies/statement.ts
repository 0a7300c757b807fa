import type { Value } from '../cloudformation.ts'

/** One statement of a policy, which allows unless it says otherwise; `resources` are ARNs, or `*` alone. */
export interface Statement {
  sid: string
  actions: readonly string[]
  resources: readonly Value[]
  conditions?: Readonly<Record<string, Readonly<Record<string, Value>>>>
  effect?: 'Allow' | 'Deny'
  principal?: Value
}

/** A policy as AWS reads it. */
export function policyDocument(statements: readonly Statement[]): Value {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ sid, effect = 'Allow', principal, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: effect,
      Principal: principal,
      Action: actions.length === 1 ? actions[0] : actions,
      Resource: resources.length === 1 ? resources[0] : resources,
      Condition: conditions,
    })),
  }
}
