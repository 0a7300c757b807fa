import { S3Client } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { StoreLimits } from '../limits.ts'
import { providerProfile } from '../profiles.ts'
import type { S3Settings } from '../settings.ts'
import type { S3Connection } from './connection.ts'
import { adaptHeaders } from './headers.ts'
import { PartPool } from './part-pool.ts'

const openSockets = 64

/** A client for one bucket. Credentials that are not given come from the AWS chain at the first request. */
export function connect(settings: S3Settings, limits: StoreLimits): S3Connection {
  const profile = providerProfile(settings)
  const region = settings.region ?? (settings.endpoint === undefined ? undefined : profile.defaultRegion)
  const client = new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...(settings.keyPair === undefined ? {} : { credentials: settings.keyPair }),
    ...(settings.awsProfile === undefined ? {} : { profile: settings.awsProfile }),
    forcePathStyle: profile.pathStyle,
    followRegionRedirects: profile.name === 'amazon',
    // One layer of retries, ours: it knows which repeated answer is really the first attempt's success.
    maxAttempts: 1,
    // Every body carries a SHA-256 of ours; the SDK adds none of its own, which older stores would refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // With it the SDK opens a new connection for every part.
    expectContinueHeader: false,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: limits.connectMs,
      socketTimeout: limits.stallMs,
      httpAgent: { keepAlive: true, maxSockets: openSockets },
      httpsAgent: { keepAlive: true, maxSockets: openSockets },
    }),
  })
  adaptHeaders(client, profile)
  return { client, settings, profile, limits, parts: new PartPool() }
}
