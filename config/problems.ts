import type { Refusal } from './verdict.ts'

/** One thing wrong with a definition: where, which rule, and what to write instead. */
export interface Problem extends Refusal {
  /** Where in the definition: `nodes[1].address`; empty for all of it; a file's name when that is the problem. */
  path: string
}

export function describeProblem({ path, rule, fix }: Problem): string {
  return `${path || 'the definition'}: ${rule}; ${fix}`
}

/** `['nodes', 1, 'address']` as `nodes[1].address`. */
export function formatPath(keys: readonly PropertyKey[]): string {
  let path = ''
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`
    else if (/^[A-Za-z_$][\w$]*$/.test(String(key))) path += path === '' ? String(key) : `.${String(key)}`
    else path += `['${String(key)}']`
  }
  return path
}

/** Whether a problem at `path` makes the value at `needed` unusable: one of them lies within the other. */
export function touches(path: string, needed: string): boolean {
  return path === '' || within(path, needed) || within(needed, path)
}

function within(inner: string, outer: string): boolean {
  return inner.startsWith(outer) && ['', '.', '['].includes(inner.charAt(outer.length))
}

/** Everything wrong with a cluster definition, in one error: its message has one line per problem. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[]

  /** @param subject what is wrong, for the first line: the definition, or the file it came from. */
  constructor(problems: readonly Problem[], subject = 'the cluster definition', cause?: unknown) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super(`${subject} has ${count}:\n${problems.map((problem) => `  ${describeProblem(problem)}`).join('\n')}`, { cause })
    this.name = 'ConfigError'
    this.problems = problems
  }
}
