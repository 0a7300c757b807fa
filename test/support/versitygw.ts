import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type S3Server, type S3ServerOptions, startS3Server } from '../../sandbox/s3-server.ts'

/** A real S3 server of the test's own, in a directory that `stop` removes; its credentials go into this process's environment. */
export async function startVersitygw(options: Pick<S3ServerOptions, 'versioning'> = {}): Promise<S3Server> {
  const server = await startS3Server({ ...options, directory: join(tmpdir(), `ballast-s3-${randomUUID()}`) })
  process.env.AWS_ACCESS_KEY_ID = server.accessKey
  process.env.AWS_SECRET_ACCESS_KEY = server.secretKey
  return server
}
