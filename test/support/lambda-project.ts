import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from '../../functions/platform/process/run.ts'
import { ballast } from './run-cli.ts'

const root = resolve(import.meta.dirname, '../..')
const withinMs = 180_000

/** A directory that is deployed from: a definition of its own, and this project's sources. */
export interface LambdaProject {
  directory: string
  /** Runs `ballast` there; fails when it does. */
  ballast(...args: string[]): Promise<string>
  /** Runs the Serverless Framework there with nothing in its environment but the variables given; fails when it does. */
  serverless(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>
  remove(): Promise<void>
}

/** Makes such a directory. */
export async function createLambdaProject(definition: string): Promise<LambdaProject> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'ballast-lambda-')))
  for (const name of ['config', 'serverless', 'node_modules']) await symlink(join(root, name), join(directory, name))
  await writeFile(join(directory, 'ballast.config.ts'), definition)
  const inside = { cwd: directory, timeoutMs: withinMs }
  const PATH = '/usr/local/bin:/usr/bin:/bin'
  return {
    directory,
    ballast: async (...args) => (await run({ command: ballast, args, env: { PATH, HOME: directory }, ...inside })).stdout,
    serverless: async (args, env = {}) => {
      const program = join(root, 'node_modules/serverless/bin/serverless.js')
      const own = { PATH, HOME: directory, XDG_CACHE_HOME: join(directory, 'cache') }
      return (await run({ command: process.execPath, args: [program, ...args], env: { ...own, ...env }, ...inside })).stdout
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

/** Stands for the container image: any digest will do where nothing is deployed. */
export const someImage = `123456789012.dkr.ecr.sa-east-1.amazonaws.com/ballast@sha256:${'0'.repeat(64)}`
