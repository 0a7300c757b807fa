import type { CustomTypesConfig } from 'pg'

type Parser = (text: string) => unknown

const asNumber: Parser = Number

/** OIDs of the types that become more than text: bool, int2, int4, oid, json, jsonb. */
const PARSERS: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [16, (text) => text === 't'],
  [21, asNumber],
  [23, asNumber],
  [26, asNumber],
  [114, JSON.parse],
  [3802, JSON.parse],
])

const asText: Parser = (text) => text

/**
 * How values arrive in rows: booleans and integers of up to four bytes as such, JSON parsed, everything else as the server's
 * text; so no number loses digits, no time changes zone, and int8 and arrays stay text.
 */
export const textualTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number) => PARSERS.get(oid) ?? asText) as CustomTypesConfig['getTypeParser'],
}
