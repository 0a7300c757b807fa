/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** Pretty-printed, so that an error of its reader names a line; keys stay in the order in which they were written. */
export function formatJson(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
