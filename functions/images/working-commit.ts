import { Failure } from '../platform/failure.ts'
import { findProgram, programDirectories } from '../platform/process/programs.ts'
import { run } from '../platform/process/run.ts'

/** The commit that a working tree is at; `-dirty` at its end where files differ from it. */
export async function workingCommit(directory: string, env: NodeJS.ProcessEnv): Promise<string> {
  const git = await findProgram('git', await programDirectories(env))
  if (git === undefined) throw unknown('git is not installed')
  // The tree may belong to another user: baking needs root, checking out does not.
  const ask = async (...args: string[]): Promise<string> => {
    const words = ['-c', `safe.directory=${directory}`, '-C', directory, ...args]
    return (await run({ command: git, args: words, env: { PATH: '/usr/bin:/bin' }, timeoutMs: 60_000 })).stdout.trim()
  }
  const commit = await ask('rev-parse', 'HEAD').catch((cause: unknown) => {
    throw unknown(`${directory} is not the working tree of a repository`, cause)
  })
  const changes = await ask('status', '--porcelain')
  return changes === '' ? commit : `${commit}-dirty`
}

function unknown(message: string, cause?: unknown): Failure {
  return new Failure(`${message}, so no image could say which commit it was made from`, {
    ...{ kind: 'config', subject: 'commit', cause },
    hint: 'Bake from a clone of the repository.',
  })
}
