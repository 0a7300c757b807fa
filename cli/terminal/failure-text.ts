import type { Failure } from '../../functions/platform/failure.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

const meanings: Readonly<Record<Failure['kind'], string>> = {
  config: 'a setting or an option is wrong',
  transient: 'the same run may succeed later',
  permanent: 'it stays so until somebody changes something',
  bug: 'a defect in Ballast',
}

/** A Failure for a person: what failed and why, on what, of which kind, and what to do next. */
export function failureText(operation: string, target: string, failure: Failure, style: Style): string {
  const { message, subject, kind, code, hint } = failure
  const on = target === '' || target === subject ? subject : `${subject} (${target})`
  const lines = [
    `${style.bad(`ballast ${operation} failed:`)} ${message}`,
    `  on    ${on}`,
    `  kind  ${kind}${code === undefined ? '' : ` (${code})`}: ${meanings[kind]}`,
    `  next  ${hint}`,
  ]
  return lines.map((line) => `${line.split('\n').map(printable).join('\n')}\n`).join('')
}

/** The verdict of a run that went well over a thing that is not. */
export function unwellText(operation: string, { message, hint }: { message: string; hint: string }, style: Style): string {
  const lines = [`${style.bad(`ballast ${operation}: not well:`)} ${message}`, `  next  ${hint}`]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

/** The stacks of an error and its causes, for BALLAST_DEBUG. */
export function stackText(error: unknown): string {
  const parts: string[] = []
  let current: unknown = error
  for (let depth = 0; depth < 10 && current instanceof Error; depth += 1) {
    parts.push(`${depth === 0 ? '' : 'caused by: '}${current.stack ?? current.message}\n`)
    current = current.cause
  }
  return parts.join('')
}
