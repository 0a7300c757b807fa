import { buildGoProgram } from '../machine/go-program.ts'
import { findVersitygw, versitygw } from './find.ts'

/** Path of versitygw, built now if it has to be. */
export async function versitygwPath(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findVersitygw(env)) ?? (await buildGoProgram(versitygw, env))
}
