import { copyFile, link } from 'node:fs/promises'
import { join } from 'node:path'
import { type Account, type Guard, startGuard } from '../functions/platform/guard/guard.ts'
import { claimDirectory, makeOwned } from '../functions/platform/postgres/local-server.ts'
import { serverAccount } from '../functions/platform/postgres/server-account.ts'
import { versitygwPath } from '../tools/versitygw/build.ts'
import { freePorts } from './free-port.ts'
import { randomSecret } from './secret.ts'
import { type Service, startService, untilAnswering } from './service.ts'

/** A running S3 server with one bucket. */
export interface S3Server {
  endpoint: string
  accessKey: string
  secretKey: string
  region: string
  bucket: string
  pid: number
  /** The directory whose subdirectories are the buckets and whose files are the objects. */
  objectsDirectory: string
  /** What an S3 client needs to find it: the standard AWS_* variables. */
  env: Record<string, string>
  /** Another bucket, empty. */
  createBucket(name: string): Promise<void>
  /** Ends it and removes its directory. Idempotent. */
  stop(): Promise<void>
}

/** As {@link S3Server}; `stop` leaves the directory, and `start` serves it again at the same endpoint. */
export interface GuardedS3Server extends S3Server {
  /** Does nothing while it runs. */
  start(signal?: AbortSignal): Promise<void>
}

/** Where an S3 server keeps its things. */
export interface S3ServerOptions {
  /** Absolute; made here, and removed by `stop` or when this process dies. */
  directory: string
  /** `ballast` when absent. */
  bucket?: string
  region?: string
  /** Keep old versions of objects, as a bucket with versioning does. */
  versioning?: boolean
  signal?: AbortSignal
}

const readyWithinMs = 30_000

/** Path of the S3 server's program, built where it must be; a Failure where it can neither be found nor built. */
export async function s3ServerProgram(): Promise<string> {
  return await versitygwPath()
}

/** Starts versitygw over a directory, on a free port of 127.0.0.1, with random credentials. */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const guard = startGuard()
  try {
    const account = await serverAccount()
    await claimDirectory(guard, options.directory, account)
    const server = await startGuardedS3Server(guard, account, options)
    return {
      ...server,
      stop: async () => {
        await server.stop()
        await guard.release()
      },
    }
  } catch (error) {
    await guard.release()
    throw error
  }
}

/** As {@link startS3Server}, under a guard that the caller has and releases. */
export async function startGuardedS3Server(
  guard: Guard,
  account: Account | undefined,
  options: S3ServerOptions,
): Promise<GuardedS3Server> {
  const { directory, bucket = 'ballast', region = 'us-east-1' } = options
  const objectsDirectory = join(directory, 'objects')
  const iam = join(directory, 'iam')
  const versions = join(directory, 'versions')
  await makeOwned([directory, objectsDirectory, iam, versions], account)
  const binary = await placeBinary(await s3ServerProgram(), directory)
  const createBucket = (name: string) => makeOwned([join(objectsDirectory, name)], account)
  await createBucket(bucket)

  const [port = 0] = await freePorts(1)
  const accessKey = `BALLAST${randomSecret(13).toUpperCase()}`
  const secretKey = randomSecret(40)
  const endpoint = `http://127.0.0.1:${port}`
  const listen = [
    '--port',
    `127.0.0.1:${port}`,
    '--region',
    region,
    '--iam-dir',
    iam,
    '--health',
    '/health',
    '--quiet',
    '--keep-alive',
  ]
  const args = [...listen, 'posix', ...(options.versioning ? ['--versioning-dir', versions] : []), objectsDirectory]
  const log = join(directory, 's3-server.log')
  const env = { ROOT_ACCESS_KEY_ID: accessKey, ROOT_SECRET_ACCESS_KEY: secretKey, HOME: directory }
  const launch = async (signal: AbortSignal | undefined): Promise<Service> => {
    const started = await startService(guard, { name: 'versitygw', command: binary, args, env, cwd: directory, account, log })
    await untilAnswering(started, () => isHealthy(`${endpoint}/health`), readyWithinMs, signal)
    return started
  }
  let service = await launch(options.signal)
  const credentials = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }
  return {
    ...{ endpoint, accessKey, secretKey, region, bucket, objectsDirectory, createBucket },
    pid: service.pid,
    env: { ...credentials, AWS_REGION: region, AWS_ENDPOINT_URL_S3: endpoint },
    stop: () => service.stop(),
    start: async (signal) => {
      if (!service.running()) service = await launch(signal)
    },
  }
}

/** The cache may lie in a home directory that the server's user cannot enter, so the program is linked next to its data. */
async function placeBinary(built: string, directory: string): Promise<string> {
  const placed = join(directory, 'versitygw')
  await link(built, placed).catch(() => copyFile(built, placed))
  return placed
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok ?? false
}
