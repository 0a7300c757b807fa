import type { SecretRef } from '../../config/index.ts'

/**
 * The environment variable that a build takes its token from: the one that the definition names, or `usual`. A token that is
 * kept elsewhere is put there by whoever starts the build.
 */
export function tokenVariable(token: SecretRef | undefined, usual: string): string {
  return token !== undefined && 'env' in token ? token.env : usual
}
