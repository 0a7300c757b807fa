import { z } from 'zod'
import { didYouMean } from '../suggest.ts'
import { kindOf, quote, type Refusal, refuse } from '../verdict.ts'

/** What a section is parsed into: a quantity's key gains its unit, every other key keeps its name. */
export type Parsed<S extends z.ZodRawShape> = {
  [K in keyof S & string as S[K] extends { readonly unit: infer U extends string } ? `${K}${U}` : K]: z.output<S[K]>
}

/** An object with closed keys. `fields` lets the checker report on, and keep, each of them by itself. */
export type Section<S extends z.ZodRawShape> = z.ZodType<Parsed<S>, z.input<z.ZodObject<S>>> & { readonly fields: S }

export function isPlainObject(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

/** Where a section stores the field: under its key and, for a quantity, the unit. */
export function storedKey(key: string, schema: unknown): string {
  const { unit } = schema as { unit?: unknown }
  return typeof unit === 'string' ? `${key}${unit}` : key
}

export function unknownKey(key: string, known: readonly string[]): Refusal {
  return refuse('unknown key', didYouMean(key, known))
}

/** An object with exactly these keys; `example` is offered where it is missing. */
export function section<S extends z.ZodRawShape>(shape: S, example = '{ ... }'): Section<S> {
  const known = Object.keys(shape)
  const object = z.strictObject(shape, {
    // Zod reports all unknown keys of an object as one issue; its message carries the keys that would be known.
    error: (issue) => (issue.code === 'unrecognized_keys' ? known.join(' ') : objectMessage(issue.input, example)),
  })
  const schema = object.transform((value) =>
    Object.fromEntries(
      Object.entries(shape).map(([key, field]) => [storedKey(key, field), (value as Record<string, unknown>)[key]]),
    ),
  )
  return Object.assign(schema, { fields: shape }) as unknown as Section<S>
}

function objectMessage(raw: unknown, example = '{ ... }'): string {
  return raw === undefined ? `is required; add e.g. ${example}` : `must be an object, not ${kindOf(raw)}; write e.g. ${example}`
}

type SectionLike = z.ZodType & { readonly fields: z.ZodRawShape }

/** An object whose form depends on its `type`: each named form is a section that starts with that type. */
export function variant<const T extends readonly [SectionLike, ...SectionLike[]]>(names: readonly string[], ...forms: T) {
  const error = (issue: { code?: string | undefined; input: unknown }) =>
    issue.code === 'invalid_union' && isPlainObject(issue.input)
      ? unknownType(issue.input.type, names)
      : objectMessage(issue.input)
  const union = z.discriminatedUnion('type', forms as unknown as [z.ZodObject, ...z.ZodObject[]], { error })
  return union as unknown as z.ZodType<z.output<T[number]>, z.input<T[number]>>
}

function unknownType(raw: unknown, names: readonly string[]): string {
  if (raw === undefined) return `is required; add type: '${names[0]}', or one of ${names.join(', ')}`
  return typeof raw === 'string'
    ? `${quote(raw)} is unknown; ${didYouMean(raw, names)}`
    : `must be text, not ${kindOf(raw)}; use one of ${names.join(', ')}`
}

/** The `type` field of one form of a {@link variant}. */
export function typeTag<const N extends string>(name: N): z.ZodLiteral<N> {
  return z.literal(name)
}

/** A list with at least `min` items; `example` is offered where there are fewer. */
export function list<T extends z.ZodType>(
  item: T,
  { min = 0, example = '...' }: { min?: number; example?: string } = {},
): z.ZodArray<T> {
  const error = (issue: { code?: string | undefined; input: unknown }) => {
    if (issue.input === undefined) return `is required; add e.g. [${example}]`
    return issue.code === 'too_small'
      ? `must not be empty; add e.g. ${example}`
      : `must be a list, not ${kindOf(issue.input)}; write e.g. [${example}]`
  }
  return z.array(item, { error }).min(min, { error })
}

/** An object whose keys the user chooses, each matching the pattern. */
export function mapOf<T extends z.ZodType>(keys: RegExp, rule: string, value: T): z.ZodRecord<z.ZodString, T> {
  return z.record(z.string().regex(keys), value, {
    error: (issue) => (issue.code === 'invalid_key' ? `must be ${rule}; rename it` : objectMessage(issue.input)),
  })
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(...words: T): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(words as unknown as [string, ...string[]], {
    error: ({ input }) => {
      if (input === undefined) return `is required; use one of ${words.join(', ')}`
      return typeof input === 'string'
        ? `${quote(input)} is unknown; ${didYouMean(input, words)}`
        : `must be text, not ${kindOf(input)}; use one of ${words.join(', ')}`
    },
  }) as unknown as z.ZodEnum<{ [K in T[number]]: K }>
}
