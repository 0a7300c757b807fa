import { formatPath, type Problem } from './problems.ts'
import { isSecretRef } from './secret.ts'
import type { Refusal } from './verdict.ts'

const REFERENCE_FIX = "write secret('name'), env('NAME') or file('/path') instead"

/** Texts that are, or hold, a secret. Tried in order; the first that matches is reported. */
const SECRET_LOOKS: readonly (readonly [RegExp, string])[] = [
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]*:[^\s/?#]+@/i, 'holds a password inside a URL'],
  [/[?&](password|passwd|token|secret|signature|sslpassword)=[^&\s]/i, 'holds a password inside a URL'],
  [/(^|\s)(password|passwd|sslpassword)\s*=\s*\S/i, 'holds a password'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'holds a private key'],
  [/AGE-SECRET-KEY-1/i, 'holds a private key'],
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, 'holds an AWS access key'],
  [/\b(ghp|gho|ghs|github_pat|glpat|xox[abpr]|dop_v1)[_-][A-Za-z0-9_-]{16,}/, 'holds an access token'],
  [/hooks\.slack\.com\/(services|workflows)\//i, 'holds a Slack webhook, which is a secret'],
  [/\b(sk|rk)_live_[A-Za-z0-9]{16,}|\bAIza[\w-]{35}\b|\bSG\.[\w-]{16,}\.[\w-]{16,}/, 'holds an API key'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, 'holds an access token'],
  [/SCRAM-SHA-256\$\d+:/, 'holds a password verifier'],
]

/** Names of fields and of environment variables whose values are secrets. */
const SECRET_KEYS =
  /(^|_|-|PG)(pass|password|passwd|passphrase|secret|token|credentials)$|(Password|Secret|Token)$|(private|api|access|signing|routing|master|encryption)[_-]?key$|^secret_key(_base)?$/i

/** Everything in a raw definition that must not be written as plain text: secrets, and `${` that a template would expand. */
export function literalProblems(raw: unknown): Problem[] {
  const problems: Problem[] = []
  visit(raw, [], problems, new Set())
  return problems
}

/** Deeper than any definition goes: what lies below is under an unknown key anyway. */
const MAX_DEPTH = 32

function visit(raw: unknown, path: readonly PropertyKey[], problems: Problem[], open: Set<object>): void {
  if (typeof raw === 'string') report(judge(raw, path.at(-1)), path, problems)
  if (typeof raw !== 'object' || raw === null || open.has(raw) || path.length > MAX_DEPTH) return
  if (isSecretRef(raw)) {
    // The name of a secret stands under a key such as `password`, but it may not look like one itself.
    for (const name of Object.values(raw)) if (typeof name === 'string') report(judge(name, undefined), path, problems)
    return
  }
  open.add(raw)
  for (const [key, value] of Object.entries(raw))
    visit(value, [...path, Array.isArray(raw) ? Number(key) : key], problems, open)
  open.delete(raw)
}

function report(refusal: Refusal | undefined, path: readonly PropertyKey[], problems: Problem[]): void {
  if (refusal !== undefined) problems.push({ path: formatPath(path), ...refusal })
}

function judge(text: string, key: PropertyKey | undefined): Refusal | undefined {
  const look = SECRET_LOOKS.find(([pattern]) => pattern.test(text))
  if (look !== undefined) return { rule: look[1], fix: REFERENCE_FIX }
  if (typeof key === 'string' && SECRET_KEYS.test(key) && text !== '')
    return { rule: 'is a secret in plain text', fix: REFERENCE_FIX }
  const opening = /(?<!\$)\$\{|(?<!%)%\{/.exec(text)?.[0]
  if (opening === undefined) return undefined
  return {
    rule: `holds an unescaped ${opening}`,
    fix: `templates would expand it, so write ${opening.charAt(0)}${opening} for a literal ${opening}`,
  }
}
