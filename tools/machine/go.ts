import { chmod, copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../functions/platform/failure.ts'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'

const withinMs = 10 * 60_000

/** A Go that builds a module of ours, and what to do with it afterwards. */
export interface UsableGo {
  path: string
  /** Settings the build needs beyond the caller's environment. */
  env: Record<string, string>
  /** Removes what was fetched for this build alone. */
  release(): Promise<void>
}

/** Path of the Go on this machine, of whatever version, when there is one. */
export async function findGo(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return findProgram('go', await programDirectories(env))
}

/** As {@link findGo}; a Failure that says how to get one to build `what` with when there is none. */
export async function requireGo(env: NodeJS.ProcessEnv, what: string): Promise<string> {
  const go = await findGo(env)
  if (go) return go
  throw new Failure(`${what} is neither on PATH nor built, and there is no Go to build it with`, {
    kind: 'config',
    subject: what,
    hint: 'Install Go (`apt-get install golang-go`) and run it again.',
  })
}

/** Whether a Go fetches, by itself, the newer toolchain that a module names. */
export function fetchesToolchains(versionText: string): boolean {
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(versionText) ?? []
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 21)
}

/** Name of the toolchain that a go.mod asks for, as a version of the module golang.org/toolchain. */
export function toolchainVersion(goMod: string, platform: string, arch: string): string {
  const [, version] = /^go (\S+)$/m.exec(goMod) ?? []
  if (version) return `v0.0.1-go${version}.${platform}-${arch === 'x64' ? 'amd64' : arch}`
  throw new Failure('go.mod names no Go version', {
    kind: 'bug',
    subject: 'go.mod',
    hint: 'Restore the file from the repository.',
  })
}

/**
 * Makes an installed Go fit to build a module. From 1.21 on it is as it is; an older one (Debian 12 has 1.19) knows modules
 * but not toolchains, so it fetches the right one as a module, checked against Go's checksum database like any other.
 */
export async function usableGo(go: string, moduleDirectory: string, env: Record<string, string>): Promise<UsableGo> {
  const { stdout } = await run({ command: go, args: ['version'], env, timeoutMs: withinMs })
  if (fetchesToolchains(stdout)) return { path: go, env: { GOTOOLCHAIN: env.GOTOOLCHAIN ?? 'auto' }, release: async () => {} }

  const goMod = await readFile(join(moduleDirectory, 'go.mod'), 'utf8')
  const version = toolchainVersion(goMod, process.platform, process.arch)
  const modules = await mkdtemp(join(tmpdir(), 'ballast-go-'))
  const release = () => rm(modules, { recursive: true, force: true })
  try {
    await run({
      command: go,
      args: ['mod', 'download', `golang.org/toolchain@${version}`],
      env: { ...env, GOMODCACHE: modules, GOFLAGS: '-modcacherw' },
      cwd: modules,
      timeoutMs: withinMs,
    })
    const root = join(modules, 'golang.org', `toolchain@${version}`)
    await makeRunnable(root)
    return { path: join(root, 'bin', 'go'), env: { GOTOOLCHAIN: 'local', GOROOT: root }, release }
  } catch (error) {
    await release()
    throw error
  }
}

/** A module's files carry no execute bits and no nested go.mod; a newer Go does these same two things after its download. */
async function makeRunnable(root: string): Promise<void> {
  const tools = join(root, 'pkg', 'tool')
  const directories = [join(root, 'bin'), ...(await readdir(tools)).map((name) => join(tools, name))]
  for (const directory of directories) {
    for (const name of await readdir(directory)) await chmod(join(directory, name), 0o755)
  }
  for (const source of ['src', join('src', 'cmd')]) {
    await copyFile(join(root, source, '_go.mod'), join(root, source, 'go.mod'))
  }
}
