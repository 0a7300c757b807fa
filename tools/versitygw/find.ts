import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { findBuilt, type GoProgram } from '../machine/go-program.ts'

/** The version that go.mod pins; a binary on PATH must say the same of itself. */
export const versitygwVersion = 'v1.7.0'

/** The S3 server of the sandbox. */
export const versitygw: GoProgram = {
  name: 'versitygw',
  version: versitygwVersion,
  moduleDirectory: import.meta.dirname,
  package: 'github.com/versity/versitygw/cmd/versitygw',
  buildArgs: ['build', '-trimpath', '-ldflags', `-s -w -X main.Version=${versitygwVersion}`],
}

/** Path of versitygw: the right version on PATH, else the one built before; undefined when there is neither. */
export async function findVersitygw(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const onPath = await findProgram('versitygw', await programDirectories(env))
  if (onPath && (await isRightVersion(onPath))) return onPath
  return findBuilt(versitygw, env)
}

async function isRightVersion(path: string): Promise<boolean> {
  const said = await run({ command: path, args: ['--version'], env: {}, timeoutMs: 10_000 }).catch(() => undefined)
  return said?.stdout.match(/Version\s*:\s*(\S+)/)?.[1] === versitygwVersion
}
