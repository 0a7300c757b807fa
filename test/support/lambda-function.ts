import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { lambdaRuntimePath } from '../../tools/lambda-runtime/build.ts'
import { type Invoked, startLambdaRuntimeApi } from './lambda-runtime-api.ts'

/** A function that runs in Amazon's own runtime client. */
export interface LambdaFunction {
  /** From the start of the process to the first request for an event. */
  readonly coldStartMs: number
  /** Everything it wrote. */
  output(): string
  invoke(event: unknown, timeoutMs?: number): Promise<Invoked>
  stop(): Promise<void>
}

export interface LambdaFunctionOptions {
  /** What Lambda unpacks at /var/task. */
  taskRoot: string
  /** As serverless.yml names it. */
  handler: string
  memoryMebibytes?: number
  env?: Readonly<Record<string, string>>
  /** Node and the client, where they are not this process's own. */
  programs?: { node: string; client: string }
  /** Who it runs as, where that is not this process's user. */
  account?: { uid: number; gid: number }
}

const defaultTimeoutMs = 120_000

/** Starts a function as Lambda does: nothing of this process's environment, and the variables that Lambda sets. */
export async function startLambdaFunction(options: LambdaFunctionOptions): Promise<LambdaFunction> {
  const { taskRoot, handler, account } = options
  const { node, client } = options.programs ?? { node: process.execPath, client: await lambdaRuntimePath() }
  return await startClient(
    (env) => spawn(node, [client, handler], { cwd: taskRoot, env: { ...env, LAMBDA_TASK_ROOT: taskRoot }, stdio, ...account }),
    options,
  )
}

/** As {@link startLambdaFunction}, in a container of an image, with Lambda's limits: read-only but for /tmp, no /dev/shm, no name. */
export async function startLambdaContainer(image: string, options: LambdaFunctionOptions): Promise<LambdaFunction> {
  const { taskRoot, handler, memoryMebibytes = 2048 } = options
  const name = `ballast-lambda-${process.pid}-${Date.now()}`
  const limits = ['--read-only', '--tmpfs', '/tmp:rw,exec,size=4g,mode=1777', '--ipc=none', '--network', 'host']
  const bundles = ['--volume', `${taskRoot}/build:/var/task/build:ro`]
  const lambda = await startClient((env) => {
    const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`])
    const size = ['--memory', `${memoryMebibytes}m`]
    return spawn('docker', ['run', '--rm', '--name', name, ...limits, ...size, ...bundles, ...variables, image, handler], {
      stdio,
    })
  }, options)
  return {
    ...lambda,
    stop: async () => {
      execFileSync('docker', ['rm', '--force', name], { stdio: 'ignore' })
      await lambda.stop()
    },
  }
}

const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']

async function startClient(
  start: (env: Record<string, string>) => ChildProcess,
  { handler, memoryMebibytes = 2048, env = {} }: LambdaFunctionOptions,
): Promise<LambdaFunction> {
  const api = await startLambdaRuntimeApi()
  const startedMs = performance.now()
  const child = start({
    ...{ PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'en_US.UTF-8', TZ: ':UTC' },
    ...{ AWS_LAMBDA_RUNTIME_API: api.address, _HANDLER: handler },
    ...{ AWS_LAMBDA_FUNCTION_NAME: 'under-test', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST' },
    ...{ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMebibytes), AWS_REGION: 'sa-east-1' },
    // Without these two the client ends and says nothing.
    ...{ AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/under-test', AWS_LAMBDA_LOG_STREAM_NAME: 'test' },
    ...env,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString()
    })
  }
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
    await api.stop()
  }
  const died = ended.then(([code]) => {
    throw new Error(`the function ended with ${code}: ${output}`)
  })
  died.catch(() => undefined)
  try {
    await Promise.race([api.ready, api.initFailed, died])
  } catch (error) {
    await stop()
    throw error
  }
  return {
    coldStartMs: performance.now() - startedMs,
    output: () => output,
    invoke: (event, timeoutMs = defaultTimeoutMs) => Promise.race([api.invoke(event, timeoutMs), died]),
    stop,
  }
}
