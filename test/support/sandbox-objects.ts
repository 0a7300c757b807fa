import { readdir, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3'
import type { SandboxConnections } from '../../sandbox/connections.ts'

/** What lies in the sandbox's bucket beside a prefix, looked at from behind the S3 server. */
export class SandboxObjects {
  readonly #s3: SandboxConnections['s3']
  readonly #prefix: string

  constructor(s3: SandboxConnections['s3'], prefix: string) {
    this.#s3 = s3
    this.#prefix = prefix
  }

  /** Keys under the folder that the prefix is in. */
  async keys(): Promise<string[]> {
    const root = join(this.#s3.objectsDirectory, this.#s3.bucket)
    const entries = await readdir(join(root, dirname(this.#prefix)), { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
  }

  /** Keys of the manifests under the prefix itself, sorted. */
  async manifests(): Promise<string[]> {
    const keys = await this.keys()
    return keys.filter((key) => key.startsWith(`${this.#prefix}/`) && key.endsWith('/manifest.json')).sort()
  }

  /** Begins an upload and lets every one that there is look as old. */
  async abandonUpload(key: string, ageMs: number): Promise<void> {
    const { endpoint, region, accessKey, secretKey, bucket, objectsDirectory } = this.#s3
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }))
    client.destroy()
    const uploads = join(objectsDirectory, bucket, '.sgwtmp/multipart')
    const longAgo = (Date.now() - ageMs) / 1000
    for (const entry of await readdir(uploads, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) await utimes(join(entry.parentPath, entry.name), longAgo, longAgo)
    }
  }
}
