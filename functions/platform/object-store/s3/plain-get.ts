import type { Readable } from 'node:stream'
import type { S3Connection } from './connection.ts'

/** A signed GET of an object's first bytes, without the SDK's command pipeline. */
export type PlainGet = (bucketKey: string, length: number, signal?: AbortSignal) => Promise<Uint8Array | undefined>

type SignedRequest = Parameters<S3Connection['client']['config']['requestHandler']['handle']>[0]

const emptyBodySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/**
 * The SDK spends about 0.6 ms of CPU on one command, which is most of what listing thousands of sets costs. This takes its
 * credentials, endpoint rules, signer and sockets, and leaves the rest out: it answers undefined to anything but the exact
 * bytes asked for, and the caller then asks in the ordinary way, which retries and explains.
 */
export async function createPlainGet({ client, settings, profile }: S3Connection): Promise<PlainGet> {
  const { config } = client
  const [region] = await Promise.all([config.region(), config.credentials()])
  const endpoint = config.endpointProvider({
    Bucket: settings.bucket,
    Region: region,
    ForcePathStyle: profile.pathStyle,
    ...(settings.endpoint === undefined ? {} : { Endpoint: settings.endpoint }),
  })
  const signer = await config.signer({ name: 'sigv4', signingName: 's3', signingRegion: region, properties: {} })
  const { protocol, hostname, port, host, pathname } = endpoint.url
  const base = {
    ...{ method: 'GET', protocol, hostname, query: {} },
    ...(port === '' ? {} : { port: Number(port) }),
  }
  return async (key, length, signal) => {
    const request = {
      ...base,
      path: `${pathname.replace(/\/$/, '')}/${escapeKey(key)}`,
      headers: { host, range: `bytes=0-${length - 1}`, 'x-amz-content-sha256': emptyBodySha256 },
    }
    const signingDate = new Date(Date.now() + config.systemClockOffset)
    const signed = await signer.sign(request as SignedRequest, { signingDate })
    const { response } = await config.requestHandler.handle(signed as SignedRequest, signal && { abortSignal: signal })
    return await exactBody(response.statusCode, response.body as Readable, length)
  }
}

async function exactBody(status: number, body: Readable, length: number): Promise<Uint8Array | undefined> {
  if (status !== 206) {
    body.destroy()
    return undefined
  }
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > length) return undefined
    parts.push(part)
  }
  return bytes === length ? Buffer.concat(parts, bytes) : undefined
}

/** As S3 wants a key in a path: every byte but unreserved characters and the slash. */
function escapeKey(key: string): string {
  return key
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`))
    .join('/')
}
