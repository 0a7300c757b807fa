import { join } from 'node:path'
import {
  buildEnvironment,
  findEnvironment,
  type PythonEnvironment,
} from '../../functions/platform/python/python-environment.ts'

/** What judges CloudFormation templates: cfn-lint and checkov. */
export const templateLint: PythonEnvironment = {
  name: 'template-lint',
  requirementsFile: join(import.meta.dirname, 'requirements.txt'),
}

/** The Python that runs both, its environment built now if it has to be. */
export async function templateLintPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findEnvironment(templateLint, env)) ?? (await buildEnvironment(templateLint, env))
}
