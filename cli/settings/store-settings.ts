import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { readSecret } from '../../functions/platform/secrets/read-secret.ts'
import type { StoreChoice } from './store-choice.ts'

const variables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'] as const

/** The settings of the one store that a command works with, with its credentials in place until the process ends. */
export async function storeSettings(choice: StoreChoice): Promise<StoreSettings> {
  await useCredentials(choice)
  return choice.settings
}

/**
 * Puts the key pair of a chosen store where the AWS chain looks first: the environment of this process, which child
 * processes do not get. Returns what puts the environment back, for the next store.
 */
export async function useCredentials({ keyPair }: StoreChoice): Promise<() => void> {
  if (keyPair === undefined) return () => undefined
  const id = await readSecret(keyPair.accessKeyId, process.env)
  const key = await readSecret(keyPair.secretAccessKey, process.env)
  const before = variables.map((name) => [name, process.env[name]] as const)
  for (const name of variables) delete process.env[name]
  process.env.AWS_ACCESS_KEY_ID = id
  process.env.AWS_SECRET_ACCESS_KEY = key
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
