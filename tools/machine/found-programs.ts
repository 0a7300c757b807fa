import { existsSync } from 'node:fs'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import { findQemu } from '../../functions/platform/qemu/programs.ts'

/** Those of the programs, and paths of files, that this machine has and that can be used. */
export async function foundPrograms(wanted: readonly string[], env: NodeJS.ProcessEnv): Promise<Set<string>> {
  const directories = await programDirectories(env)
  const found = new Set<string>()
  for (const program of wanted) if (await isUsable(program, directories, env)) found.add(program)
  return found
}

async function isUsable(program: string, directories: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  if (program.startsWith('/')) return existsSync(program)
  if (program.startsWith('qemu-')) {
    // One that is too old is as good as none.
    return await findQemu(env).then(
      () => true,
      () => false,
    )
  }
  return (await findProgram(program, directories)) !== undefined
}
