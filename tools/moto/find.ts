import { join } from 'node:path'
import { findEnvironment, type PythonEnvironment } from '../../functions/platform/python/python-environment.ts'

/** The version of moto server that requirements.txt pins. */
export const motoVersion = '5.2.5'

/** What moto runs in: `<python> -m moto.server`. */
export const motoEnvironment: PythonEnvironment = {
  name: 'moto',
  requirementsFile: join(import.meta.dirname, 'requirements.txt'),
}

/** The Python that runs moto; undefined where it has not been built, or there is no Python. */
export function findMoto(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return findEnvironment(motoEnvironment, env)
}
