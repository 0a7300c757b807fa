import { chown } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { join } from 'node:path'
import { startGuard } from '../functions/platform/guard/guard.ts'
import { makeOwned } from '../functions/platform/postgres/local-server.ts'
import { serverAccount } from '../functions/platform/postgres/server-account.ts'
import { run } from '../functions/platform/process/run.ts'
import type { S3Data } from '../sandbox/data.ts'
import { freePorts } from '../sandbox/free-port.ts'
import { startService, untilAnswering } from '../sandbox/service.ts'

/** A second door to the sandbox's S3 objects, with TLS: pgBackRest speaks to S3 in no other way. */
export interface SecureGateway {
  port: number
  pid: number
  /** Ends it; its directory stays. */
  stop(): Promise<void>
}

const readyWithinMs = 30_000

/** Starts versitygw over the objects of a sandbox, with a certificate of its own making. */
export async function startSecureGateway(s3: S3Data, directory: string, signal: AbortSignal): Promise<SecureGateway> {
  const account = await serverAccount()
  const guard = startGuard()
  try {
    const iam = join(directory, 'iam')
    await makeOwned([directory, iam], account)
    const { certificate, key } = await makeCertificate(directory)
    for (const path of [certificate, key]) if (account) await chown(path, account.uid, account.gid)
    const [port = 0] = await freePorts(1)
    const listen = ['--port', `127.0.0.1:${port}`, '--region', s3.region, '--cert', certificate, '--key', key]
    const rest = ['--iam-dir', iam, '--health', '/health', '--quiet', '--keep-alive', 'posix', s3.objectsDirectory]
    const service = await startService(guard, {
      name: 'versitygw',
      // The sandbox has placed the program where its account may run it.
      command: join(s3.objectsDirectory, '..', 'versitygw'),
      args: [...listen, ...rest],
      env: { ROOT_ACCESS_KEY_ID: s3.accessKey, ROOT_SECRET_ACCESS_KEY: s3.secretKey, HOME: directory },
      cwd: directory,
      account,
      log: join(directory, 's3-server.log'),
    })
    await untilAnswering(service, () => isHealthy(port), readyWithinMs, signal)
    const stop = async () => {
      await service.stop()
      await guard.release()
    }
    return { port, pid: service.pid, stop }
  } catch (error) {
    await guard.release()
    throw error
  }
}

async function makeCertificate(directory: string): Promise<{ certificate: string; key: string }> {
  const certificate = join(directory, 'certificate.pem')
  const key = join(directory, 'key.pem')
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1']
  await run({
    command: '/usr/bin/openssl',
    args: ['req', '-x509', ...kind, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
    env: {},
  })
  return { certificate, key }
}

function isHealthy(port: number): Promise<boolean> {
  const agent = new Agent({ rejectUnauthorized: false })
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/health', agent, timeout: 2_000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    }).on('error', () => resolve(false))
  })
}
