import { buildGoProgram } from '../machine/go-program.ts'
import { type FoundK6, findK6, k6 } from './find.ts'

/** k6, built now if it has to be. */
export async function builtK6(env: NodeJS.ProcessEnv = process.env): Promise<FoundK6> {
  return (await findK6(env)) ?? { path: await buildGoProgram(k6, env), version: k6.version.slice(1) }
}
