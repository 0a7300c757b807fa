import type { Cluster } from '../../../config/cluster.ts'
import { describeSecretRef } from '../../../config/secret.ts'
import type { AgeIdentity } from '../../platform/encryption/age-identity.ts'
import { readSecret } from '../../platform/secrets/read-secret.ts'

/** What opens the sets of stores that encrypt, where the definition refers to it. Its library is loaded only then. */
export async function definedIdentity(
  { backup }: Pick<Cluster, 'backup'>,
  env: NodeJS.ProcessEnv,
): Promise<AgeIdentity | undefined> {
  const secret = backup.verify.ageIdentity
  if (secret === undefined) return undefined
  const { AgeIdentity } = await import('../../platform/encryption/age-identity.ts')
  return AgeIdentity.parse(await readSecret(secret, env), describeSecretRef(secret))
}
