import { check } from './check.ts'
import type { Cluster } from './cluster.ts'
import { derive } from './derive.ts'
import { deepFreeze } from './freeze.ts'
import { literalProblems } from './literals.ts'
import { ConfigError, type Problem } from './problems.ts'
import { ruleProblems } from './rules/index.ts'
import { type ClusterInput, clusterSchema, type ParsedCluster } from './schema/cluster.ts'

/** Registered, so that a definition is recognised whichever copy of this module made it. */
const DEFINED = Symbol.for('ballast.defined')

/** Checks a definition and completes it; throws one {@link ConfigError} with every problem there is. */
export function defineCluster(input: ClusterInput): Cluster {
  return checkCluster(input)
}

/** {@link defineCluster} for what comes from a file; `subject` names it in the error. */
export function checkCluster(raw: unknown, subject?: string): Cluster {
  const { value, problems } = check(clusterSchema, raw)
  // A text that holds a secret is reported once, and as that: no other message may repeat it.
  const literals = literalProblems(raw)
  const secretive = new Set(literals.map(({ path }) => path))
  const found = [...problems.filter(({ path }) => !secretive.has(path)), ...literals]
  const all = unique([...found, ...ruleProblems(value, found)])
  if (all.length > 0) throw new ConfigError(all, subject)
  const cluster = derive(value as ParsedCluster)
  Object.defineProperty(cluster, DEFINED, { value: true })
  return deepFreeze(cluster)
}

/** Whether a value came out of {@link defineCluster}. */
export function isDefined(value: unknown): value is Cluster {
  return typeof value === 'object' && value !== null && Reflect.get(value, DEFINED) === true
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ path, rule }) => {
    const line = `${path}\n${rule}`
    return !seen.has(line) && seen.add(line)
  })
}
