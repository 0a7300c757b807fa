import { join } from 'node:path'
import { buildEnvironment, findEnvironment, type PythonEnvironment } from '../../platform/python/python-environment.ts'

/** What makes and checks SBOMs: debsbom, and the CycloneDX project's own library. */
const sbomEnvironment: PythonEnvironment = {
  name: 'sbom',
  requirementsFile: join(import.meta.dirname, 'requirements.txt'),
}

/** The Python that has both; its environment is built now if it has to be, from the checksums of requirements.txt. */
export async function sbomPython(env: NodeJS.ProcessEnv): Promise<string> {
  return (await findEnvironment(sbomEnvironment, env)) ?? (await buildEnvironment(sbomEnvironment, env))
}
