import { buildEnvironment } from '../../functions/platform/python/python-environment.ts'
import { findMoto, motoEnvironment } from './find.ts'

/** The Python that runs moto (`<python> -m moto.server`), its environment built now if it has to be. */
export async function motoPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findMoto(env)) ?? (await buildEnvironment(motoEnvironment, env))
}
