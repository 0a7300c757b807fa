import { createHash } from 'node:crypto'
import type { Cluster } from './cluster.ts'

/** JSON with sorted keys and no spaces; undefined fields are left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, part]) => part !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`
}

/**
 * SHA-256 of a definition, in lower-case hex: the same for the same meaning, whatever the order of keys or the way a
 * quantity was written. Secrets take part as references, so that a rotation does not change it.
 */
export function definitionHash(cluster: Cluster): string {
  return createHash('sha256').update(canonical(cluster)).digest('hex')
}
