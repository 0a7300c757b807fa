import { Failure } from '../failure.ts'
import { s3Failure } from '../object-store/s3/errors.ts'

/** A secret of AWS Secrets Manager, by name or ARN; `key` picks one field of a JSON secret. */
export interface ManagedSecret {
  readonly secret: string
  readonly key?: string
}

type Environment = Readonly<Record<string, string | undefined>>

interface KnownSecret {
  text: string
  fetchedMs: number
}

/** A function that stays warm must hear of a rotation, and a burst of look-ups must not cost one request each. */
const keptMs = 5 * 60_000
const answerWithinMs = 10_000
const known = new Map<string, KnownSecret>()

/**
 * The current value (version stage AWSCURRENT) of a secret, from memory if it was fetched in the last five minutes. Asked
 * of the region in the ARN, else of the one in the environment, at the endpoint that the SDK's own variables name.
 *
 * @throws Failure that names the secret, never its value.
 */
export async function readManagedSecret(ref: ManagedSecret, env: Environment): Promise<string> {
  const region = regionOf(ref.secret) ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  const place = `${region ?? ''} ${ref.secret}`
  const kept = known.get(place)
  const text = kept !== undefined && Date.now() - kept.fetchedMs < keptMs ? kept.text : await fetchSecret(ref, region)
  if (text !== kept?.text) known.set(place, { text, fetchedMs: Date.now() })
  return ref.key === undefined ? text : field(text, ref.key, ref)
}

/** Forgets what was fetched before a moment (milliseconds since the epoch); false when there was nothing of the kind. */
export function forgetManagedSecrets(beforeMs: number): boolean {
  const old = [...known].filter(([, { fetchedMs }]) => fetchedMs < beforeMs)
  for (const [place] of old) known.delete(place)
  return old.length > 0
}

/** `arn:aws:secretsmanager:sa-east-1:123456789012:secret:shop/backup-AbCdEf` is in sa-east-1. */
function regionOf(secret: string): string | undefined {
  return /^arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):/.exec(secret)?.[1]
}

async function fetchSecret(ref: ManagedSecret, region: string | undefined): Promise<string> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager')
  const client = new SecretsManagerClient(region === undefined ? {} : { region })
  try {
    const abortSignal = AbortSignal.timeout(answerWithinMs)
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: ref.secret }), { abortSignal })
    if (text !== undefined) return text
  } catch (thrown) {
    throw refused(thrown, ref)
  } finally {
    client.destroy()
  }
  throw secretFailure(ref, 'holds bytes, not text', "Store it as text (the console's key/value or plaintext view).")
}

function field(text: string, key: string, ref: ManagedSecret): string {
  const fields = parseFields(text)
  if (fields === undefined) {
    throw secretFailure(ref, 'is no JSON', `Store it as JSON with a field "${key}", or leave the key out of the definition.`)
  }
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number') return String(value)
  const hint = 'Correct the key in the definition, or add the field to the secret.'
  throw secretFailure(ref, `has no text under the key "${key}"`, hint)
}

/** The parser's own error is not kept: it quotes the secret. */
function parseFields(text: string): Record<string, unknown> | undefined {
  try {
    const fields: unknown = JSON.parse(text)
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function refused(thrown: unknown, ref: ManagedSecret): Failure {
  const { name, message } = thrown as { name?: string; message?: string }
  if (name === 'ResourceNotFoundException') {
    const hint =
      "Correct the name in the definition, the region (the cluster's, unless an ARN names another) and the account, or create it."
    return secretFailure(ref, 'does not exist in AWS Secrets Manager', hint, thrown, name)
  }
  if (name === 'AccessDeniedException' || name === 'DecryptionFailure') {
    const hint = 'Allow secretsmanager:GetSecretValue on it, and kms:Decrypt on its key, to the role that this runs as.'
    return secretFailure(ref, `may not be read: ${name}`, hint, thrown, name)
  }
  if (name === 'InvalidRequestException' || name === 'InvalidParameterException') {
    return secretFailure(
      ref,
      `cannot be read: ${message}`,
      'Look at the secret in the console: it may be marked for deletion.',
      thrown,
      name,
    )
  }
  return s3Failure(thrown, 'Reading the secret', describeManagedSecret(ref))
}

function secretFailure(ref: ManagedSecret, fault: string, hint: string, cause?: unknown, code?: string): Failure {
  const named = describeManagedSecret(ref)
  return new Failure(`the secret "${named}" ${fault}`, { kind: 'config', subject: named, hint, cause, ...(code && { code }) })
}

/** As the definition's own description of it: `secret shop/backup#password`. */
export function describeManagedSecret({ secret, key }: ManagedSecret): string {
  return key === undefined ? `secret ${secret}` : `secret ${secret}#${key}`
}
