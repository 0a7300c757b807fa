import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { readSecret } from '../../functions/platform/secrets/read-secret.ts'
import type { StoreChoice } from './store-choice.ts'

/**
 * The settings of a chosen store, with its key pair put where the AWS chain looks first: the environment of this process,
 * which worker threads share and child processes do not get.
 */
export async function storeSettings({ settings, keyPair }: StoreChoice): Promise<StoreSettings> {
  if (keyPair === undefined) return settings
  const id = await readSecret(keyPair.accessKeyId, process.env)
  const key = await readSecret(keyPair.secretAccessKey, process.env)
  process.env.AWS_ACCESS_KEY_ID = id
  process.env.AWS_SECRET_ACCESS_KEY = key
  delete process.env.AWS_SESSION_TOKEN
  delete process.env.AWS_PROFILE
  return settings
}
