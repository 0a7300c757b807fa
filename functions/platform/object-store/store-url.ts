import { fileURLToPath } from 'node:url'
import { Failure } from '../failure.ts'
import { checkKey } from './keys.ts'
import type { S3Settings, StoreSettings } from './settings.ts'

/** What a URL cannot say; each one wins over the environment. */
export type StoreUrlOptions = Pick<S3Settings, 'region' | 'endpoint' | 'provider' | 'encryption' | 'awsProfile'>

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/**
 * The store that `s3://bucket/prefix` or `file:///directory` names. Reads `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`,
 * `AWS_REGION`, `AWS_DEFAULT_REGION` and `AWS_PROFILE` with the meaning they have for the AWS command line.
 *
 * @throws {Failure} `config` for anything else.
 */
export function parseStoreUrl(
  url: string,
  env: Readonly<Record<string, string | undefined>> = {},
  options: StoreUrlOptions = {},
): StoreSettings {
  if (url.startsWith('s3://')) return s3Settings(url, env, options)
  if (url.startsWith('file:')) return { type: 'file', directory: fileDirectory(url) }
  throw badUrl(url, 'is neither s3:// nor file://', 'Write s3://bucket/prefix or file:///directory.')
}

function s3Settings(url: string, env: Readonly<Record<string, string | undefined>>, options: StoreUrlOptions): S3Settings {
  if (/[?#@]/.test(url)) {
    const hint = 'Write s3://bucket/prefix; region, endpoint and credentials come from AWS_* variables or the definition.'
    throw badUrl(url.replace(/^s3:\/\/.*@/, 's3://***@'), 'carries more than bucket and prefix', hint)
  }
  const path = url.slice('s3://'.length)
  const slash = path.indexOf('/')
  const bucket = slash === -1 ? path : path.slice(0, slash)
  const prefix = slash === -1 ? '' : path.slice(slash + 1).replace(/\/$/, '')
  if (!bucketName.test(bucket)) {
    throw badUrl(url, `has no valid bucket name ("${bucket}")`, 'A bucket has 3 to 63 of: a-z, 0-9, dot, hyphen.')
  }
  if (prefix !== '') checkKey(prefix)
  const region = options.region ?? given(env.AWS_REGION) ?? given(env.AWS_DEFAULT_REGION)
  const endpoint = options.endpoint ?? given(env.AWS_ENDPOINT_URL_S3) ?? given(env.AWS_ENDPOINT_URL)
  const awsProfile = options.awsProfile ?? given(env.AWS_PROFILE)
  if (endpoint !== undefined) checkEndpoint(endpoint)
  return {
    type: 's3',
    bucket,
    prefix,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(options.provider === undefined ? {} : { provider: options.provider }),
    ...(options.encryption === undefined ? {} : { encryption: options.encryption }),
    ...(awsProfile === undefined ? {} : { awsProfile }),
  }
}

/** AWS tools treat an empty variable as unset. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function checkEndpoint(endpoint: string): void {
  const protocol = URL.canParse(endpoint) ? new URL(endpoint).protocol : undefined
  if (protocol === 'https:' || protocol === 'http:') return
  throw new Failure('The S3 endpoint is not an http or https URL', {
    kind: 'config',
    subject: endpoint,
    code: 'BadEndpoint',
    hint: 'Give the full URL, such as https://fra1.digitaloceanspaces.com, in AWS_ENDPOINT_URL_S3 or the definition.',
  })
}

function fileDirectory(url: string): string {
  const hint = 'Write an absolute path, as in file:///var/backups/ballast.'
  if (!url.startsWith('file:///')) throw badUrl(url, 'has no absolute path', hint)
  try {
    return fileURLToPath(url)
  } catch (cause) {
    throw badUrl(url, 'is not a file URL', hint, cause)
  }
}

function badUrl(url: string, fault: string, hint: string, cause?: unknown): Failure {
  return new Failure(`The store URL ${fault}`, { kind: 'config', subject: url, code: 'BadStoreUrl', hint, cause })
}
