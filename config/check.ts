import type { z } from 'zod'
import { formatPath, type Problem } from './problems.ts'
import { isPlainObject, storedKey, unknownKey } from './schema/section.ts'

type Path = readonly PropertyKey[]

/** A value as far as it could be parsed, and everything that was wrong with the rest. */
export interface Checked {
  value: unknown
  problems: Problem[]
}

/**
 * Parses a definition. A section is parsed field by field, so that what is well can take part in the rules that compare
 * fields; a field that is not well is missing from the value and has a problem.
 */
export function check(schema: z.ZodType, raw: unknown, path: Path = []): Checked {
  const { fields } = schema as { fields?: Record<string, z.ZodType> }
  if (fields === undefined || !isPlainObject(raw)) return checkWhole(schema, raw, path)
  const known = Object.keys(fields)
  const value: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [key, field] of Object.entries(fields)) {
    const checked = check(field, raw[key], [...path, key])
    value[storedKey(key, field)] = checked.value
    problems.push(...checked.problems)
  }
  for (const key of Object.keys(raw)) {
    if (!known.includes(key)) problems.push({ path: formatPath([...path, key]), ...unknownKey(key, known) })
  }
  return { value, problems }
}

function checkWhole(schema: z.ZodType, raw: unknown, path: Path): Checked {
  const result = schema.safeParse(raw)
  if (result.success) return { value: result.data, problems: [] }
  return { value: undefined, problems: result.error.issues.flatMap((issue) => issueProblems(issue, path)) }
}

function issueProblems(issue: z.core.$ZodIssue, base: Path): Problem[] {
  const path = [...base, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ')
    return issue.keys.map((key) => ({ path: formatPath([...path, key]), ...unknownKey(key, known) }))
  }
  const params = issue.code === 'custom' ? issue.params : undefined
  if (params !== undefined) return [{ path: formatPath(path), rule: String(params.rule), fix: String(params.fix) }]
  const [rule = '', ...fix] = issue.message.split('; ')
  return [{ path: formatPath(path), rule, fix: fix.join('; ') }]
}
