import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { run } from '../../functions/platform/process/run.ts'
import { buildGoProgram, findBuilt, type GoProgram } from '../machine/go-program.ts'

/** The first Packer that the committed templates are for. */
const OLDEST = { major: 1, minor: 11 }

/** A Packer of today, to read the committed templates with. It takes minutes to build, so only `npm run test:packer` does. */
const packer: GoProgram = {
  name: 'packer',
  version: 'v1.16.0',
  moduleDirectory: import.meta.dirname,
  package: 'github.com/hashicorp/packer',
  buildArgs: ['build', '-trimpath', '-ldflags', '-s -w'],
}

/** Path of a Packer of today: one on PATH, else the one that go.mod pins, built now if it has to be. */
export async function currentPacker(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  for (const directory of await programDirectories(env)) {
    const path = await findProgram('packer', [directory])
    if (path !== undefined && (await isCurrent(path))) return path
  }
  return (await findBuilt(packer, env)) ?? (await buildGoProgram(packer, env))
}

async function isCurrent(path: string): Promise<boolean> {
  const env = { CHECKPOINT_DISABLE: '1' }
  const said = await run({ command: path, args: ['version'], env, timeoutMs: 10_000 }).catch(() => undefined)
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(said?.stdout ?? '') ?? []
  return Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor
}
