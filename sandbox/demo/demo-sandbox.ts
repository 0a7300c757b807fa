import { toFailure } from '../../functions/platform/failure.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { parseStoreUrl } from '../../functions/platform/object-store/store-url.ts'
import { s3ServerProgram } from '../s3-server.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'

/** A whole sandbox; where the S3 server cannot be had, one without it, and that is said. */
export async function startDemoSandbox(signal: AbortSignal, note: (line: string) => void): Promise<Sandbox> {
  const missing = await s3ServerProgram().then(
    () => undefined,
    (error: unknown) => toFailure(error, 'versitygw'),
  )
  if (missing !== undefined) note(`No S3 server (${missing.message}): the backups go to a directory instead. ${missing.hint}`)
  const sandbox = await startSandbox({ signal, s3: missing === undefined })
  // Stores take their credentials from the environment; a profile of the user's would come before these.
  delete process.env.AWS_PROFILE
  Object.assign(process.env, sandbox.data.s3?.env)
  return sandbox
}

/** A store of a sandbox: in its S3 server, or in a directory beside it where there is none. */
export function demoStore(sandbox: Sandbox, prefix: string): StoreSettings {
  const { s3 } = sandbox.data
  if (s3 === undefined) return parseStoreUrl(`file://${sandbox.directory}/${prefix}`, {})
  return parseStoreUrl(`s3://${s3.bucket}/${prefix}`, s3.env)
}
