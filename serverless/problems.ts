import type { Cluster } from '../config/cluster.ts'
import type { Problem } from '../config/problems.ts'
import { rehearsalPlans } from '../config/rehearsals.ts'
import { describeSecretRef } from '../config/secret.ts'
import { type LambdaFunction, lambdaFunctions } from './functions.ts'
import { functionNeeds } from './needs.ts'
import { reachOf } from './reach.ts'

/** What keeps a definition from running as functions, by its path in the definition. */
export function lambdaProblems(whole: Cluster): Problem[] {
  const [first] = whole.backup.stores
  if (first?.type === 'file') {
    const rule = `'${first.name}' is a directory, which no function can reach`
    return [{ path: 'backup.stores[0]', rule, fix: 'name a store of type s3 first, or run timers on a VM' }]
  }
  const { cluster } = reachOf(whole)
  const secrets = uniqueByPath(lambdaFunctions(cluster).flatMap(secretProblems(cluster)))
  return [...stateProblems(whole, cluster), ...secrets, ...mailProblems(cluster)]
}

function stateProblems(whole: Cluster, { backup: { stores } }: Cluster): Problem[] {
  const named = [
    { path: 'status.store', name: whole.status.store },
    { path: 'alerts.store', name: whole.alerts.store },
    ...(rehearsalPlans(whole).length > 0 ? [{ path: 'handover.drills.store', name: whole.handover.drills.store }] : []),
  ]
  return named.flatMap(({ path, name }) => {
    if (stores.some((store) => store.name === name)) return []
    return [{ path, rule: `'${name}' is a directory, which no function can reach`, fix: 'name a store of type s3' }]
  })
}

/** Profiles, variables and files belong to a machine; a variable of a function would show the secret to everybody who reads it. */
function secretProblems(cluster: Cluster) {
  return (lambda: LambdaFunction): Problem[] => {
    const { secrets, stores } = functionNeeds(cluster, lambda)
    const kept = secrets.flatMap(({ path, ref }) =>
      'secret' in ref
        ? []
        : [{ path, rule: `${describeSecretRef(ref)} is kept where no function reads it`, fix: "write secret('name')" }],
    )
    const profiles = stores.flatMap(({ store: { name, credentials } }) => {
      const path = `backup.stores['${name}'].credentials.profile`
      const rule = `the profile '${credentials.profile}' is kept where no function reads it`
      return credentials.profile === undefined ? [] : [{ path, rule, fix: 'remove it, or write a key pair of secrets' }]
    })
    return [...kept, ...profiles]
  }
}

function mailProblems({ alerts }: Cluster): Problem[] {
  return alerts.channels.flatMap((channel, index) => {
    const file = channel.type === 'email' ? channel.smtp?.rootCertificate : undefined
    if (file === undefined) return []
    const rule = `${file} is a file of a machine, which no function reads`
    const fix = 'name a server whose certificate everybody trusts, or leave smtp out for Amazon SES'
    return [{ path: `alerts.channels[${index}].smtp.rootCertificate`, rule, fix }]
  })
}

function uniqueByPath(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [problem.path, problem])).values()]
}
