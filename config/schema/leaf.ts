import { z } from 'zod'
import { kindOf, refuse, type Verdict } from '../verdict.ts'

/** A value without parts: `read` judges and converts it; `example` is offered where it is missing. */
export function leaf<Out, In>(example: string, read: (raw: unknown) => Verdict<Out>): z.ZodType<Out, In> {
  const schema = z.transform((raw: unknown, ctx) => {
    const verdict = raw === undefined ? refuse('is required', `add e.g. ${example}`) : read(raw)
    if ('value' in verdict) return verdict.value
    ctx.issues.push({ code: 'custom', message: verdict.rule, params: verdict, input: raw })
    return z.NEVER
  })
  // A bare transform takes `unknown`; the definition's own type says what a user writes.
  return schema as unknown as z.ZodType<Out, In>
}

/** What the wrappers below must carry over: the unit of a leaf, the fields of a section. */
type Marks<T> = Pick<T, Extract<keyof T, 'unit' | 'fields'>>

function marks<T extends z.ZodType>(schema: T): Marks<T> {
  const { unit, fields } = schema as { unit?: unknown; fields?: unknown }
  return { ...(unit === undefined ? {} : { unit }), ...(fields === undefined ? {} : { fields }) } as Marks<T>
}

/** A field that may be left out; it is then undefined. */
export function optional<T extends z.ZodType>(schema: T): z.ZodOptional<T> & Marks<T> {
  return Object.assign(z.optional(schema), marks(schema))
}

/** A field that may be left out; it is then read as if `text` had been written. */
export function preset<T extends z.ZodType>(schema: T, text: z.input<T>): z.ZodPrefault<T> & Marks<T> {
  return Object.assign(z.prefault(schema, text), marks(schema))
}

export interface TextRules {
  example: string
  /** What the value must be, after "must be": `a name of small letters`. */
  is: string
  matches: (text: string) => boolean
}

/** Text that matches a rule. The value is not repeated in the message: it may be a secret in the wrong place. */
export function text({ example, is, matches }: TextRules): z.ZodType<string, string> {
  return leaf(`'${example}'`, (raw) => {
    if (typeof raw !== 'string') return refuse(`must be ${is}, not ${kindOf(raw)}`, `write e.g. '${example}'`)
    return matches(raw) ? { value: raw } : refuse(`must be ${is}`, `write e.g. '${example}'`)
  })
}

/** A whole number within bounds, both included. */
export function integer(min: number, max: number, example: number): z.ZodType<number, number> {
  return leaf(String(example), (raw) => {
    const fits = typeof raw === 'number' && Number.isInteger(raw) && raw >= min && raw <= max
    return fits ? { value: raw } : refuse(`must be a whole number from ${min} to ${max}`, `write e.g. ${example}`)
  })
}

export function flag(): z.ZodType<boolean, boolean> {
  return leaf('true', (raw) =>
    typeof raw === 'boolean' ? { value: raw } : refuse(`must be true or false, not ${kindOf(raw)}`, 'write true or false'),
  )
}
