import type { ParsedCluster } from './schema/cluster.ts'

/** What each base image ships. */
export const BASES = {
  'debian-13': { postgres: 17, pgbouncer: '1.24.1' },
  'ubuntu-24.04': { postgres: 16, pgbouncer: '1.22.0' },
} as const

export const PREPARED_STATEMENTS_SINCE = '1.21'

/** Whether version `a` is older than version `b`, number by number. */
export function olderThan(a: string, b: string): boolean {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** The version of PgBouncer that the nodes get. */
export function poolerVersion({ pgbouncer, images }: Pick<ParsedCluster, 'pgbouncer' | 'images'>): string {
  return pgbouncer.version ?? BASES[images.base].pgbouncer
}
