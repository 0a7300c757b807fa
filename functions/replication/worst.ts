import type { CheckStatus, Finding } from '../platform/check.ts'

const ranks: readonly CheckStatus[] = ['fail', 'warn', 'ok']

/** The worst of several findings about one thing; the first of equals. What is well stands last. */
export function worst(candidates: readonly (Finding | undefined)[], well: Finding): Finding {
  const found = candidates.filter((finding) => finding !== undefined)
  for (const rank of ranks) {
    const match = found.find(({ status }) => status === rank)
    if (match !== undefined) return match
  }
  return well
}
