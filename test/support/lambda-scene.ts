import { copyFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { definitionFile } from '../../functions/runtime/lambda/bundled-definition.ts'
import type { SandboxConnections } from '../../sandbox/connections.ts'
import { roles } from '../../sandbox/data.ts'
import { bundleModules } from '../../serverless/bundle-modules.ts'
import { bundleDirectory } from '../../serverless/function-section.ts'
import { handlerSource } from '../../serverless/functions.ts'
import { type AwsRequest, startAwsRecorder } from './aws-recorder.ts'
import { createFaultDatabase } from './fault-database.ts'
import { lambdaDefinition, lambdaRegion, lambdaSecrets } from './lambda-definition.ts'
import { createLambdaProject, type LambdaProject } from './lambda-project.ts'
import { type Moto, startMoto } from './moto.ts'
import { storeSecret } from './moto-secrets.ts'
import { type S3FaultProxy, startS3FaultProxy } from './s3-fault-proxy.ts'
import { useSandbox } from './sandbox.ts'

/** Everything that a function meets: its database, its store behind a proxy, its secrets, who hears its alerts, its bundles. */
export interface LambdaScene {
  sandbox: SandboxConnections
  /** Before the store. */
  proxy: S3FaultProxy
  /** Reached through a proxy. */
  moto: Moto
  /** What was asked of services other than S3. */
  requests: AwsRequest[]
  /** Bodies of the alerts that were delivered. */
  messages: string[]
  /** The same definition with its stores on Amazon, in its region: what the roles of the functions are written for. */
  onAmazon: string
  project: LambdaProject
  stop(): Promise<void>
}

/**
 * Sets the scene, with a database of that name and a prefix in the sandbox's bucket.
 *
 * @param into URL of a server that sets are restored into.
 */
export async function startLambdaScene(database: string, prefix: string, into?: string): Promise<LambdaScene> {
  const sandbox = useSandbox()
  await createFaultDatabase(sandbox, database, 'large')
  const proxy = await startS3FaultProxy(sandbox.s3.endpoint)
  const moto = await startMoto()
  const recorder = await startAwsRecorder(moto.endpoint)
  const hook = await startHook()
  const { bucket, region, accessKey, secretKey } = sandbox.s3
  await storeSecret(moto, lambdaRegion, lambdaSecrets.database, sandbox.backupUrl(database))
  await storeSecret(moto, lambdaRegion, lambdaSecrets.store, { accessKeyId: accessKey, secretAccessKey: secretKey })
  await storeSecret(moto, lambdaRegion, lambdaSecrets.hook, 'a key for signatures')
  await storeSecret(moto, lambdaRegion, lambdaSecrets.monitor, sandbox.data.passwords[roles.monitor] ?? '')
  if (into !== undefined) await storeSecret(moto, lambdaRegion, lambdaSecrets.into, into)
  const place = { bucket, prefix, region }
  const ports = { postgresPort: sandbox.primary.port, poolerPort: sandbox.pgbouncer.port }
  const servers = { database, ...ports, restoring: into !== undefined }
  const project = await createLambdaProject(lambdaDefinition(servers, { ...place, endpoint: proxy.endpoint }, hook.url))
  await project.ballast('serverless', 'render')
  await project.ballast('serverless', 'bundle')
  await bundleSteps(project)
  return {
    ...{ sandbox, proxy, project, messages: hook.messages, requests: recorder.requests },
    moto: { ...moto, env: { ...moto.env, AWS_ENDPOINT_URL: recorder.endpoint } },
    onAmazon: lambdaDefinition(servers, { ...place, region: lambdaRegion }, hook.url),
    stop: async () => {
      await project.remove()
      await recorder.stop()
      await moto.stop()
      await proxy.stop()
      hook.close()
    },
  }
}

/** The steps of fanned-out backups, which a definition with its store elsewhere has no state machine for. */
async function bundleSteps({ directory }: LambdaProject): Promise<void> {
  const [backup, steps] = [bundleDirectory('backup'), bundleDirectory('fan-out')].map((path) => join(directory, path))
  await bundleModules(handlerSource('fan-out'), steps ?? '')
  await copyFile(join(backup ?? '', definitionFile), join(steps ?? '', definitionFile))
}

async function startHook(): Promise<{ url: string; messages: string[]; close(): void }> {
  const messages: string[] = []
  const server = createServer((request, answer) => {
    request.on('data', (bytes: Buffer) => messages.push(bytes.toString()))
    request.on('end', () => answer.writeHead(204).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/`, messages, close: () => server.close() }
}
