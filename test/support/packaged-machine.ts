import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deployedDefinition, type Known } from '../../serverless/state-machine/known-when-deployed.ts'
import { machineId } from '../../serverless/state-machine/machine-name.ts'
import { lambdaDefinition, lambdaRegion } from './lambda-definition.ts'
import { createLambdaProject, type LambdaProject, someImage } from './lambda-project.ts'

interface Properties {
  FunctionName?: string
  DefinitionString?: string
  DefinitionSubstitutions?: Record<string, Record<string, unknown>>
}

interface Template {
  Resources: Record<string, { Properties: Properties }>
}

const nowhere = { database: 'shop', postgresPort: 5432, poolerPort: 6432 }
const store = { bucket: 'shop-backups', prefix: 'pg', region: lambdaRegion }

/** Works in a project whose definition has its store on Amazon, so that it has a state machine; its serverless.yml is rendered. */
export async function withAmazonProject<T>(work: (project: LambdaProject) => Promise<T>): Promise<T> {
  const project = await createLambdaProject(lambdaDefinition(nowhere, store, 'https://example.com/'))
  try {
    await project.ballast('serverless', 'render')
    return await work(project)
  } finally {
    await project.remove()
  }
}

/** Packages such a project, and takes the state machine out of the template as Step Functions would get it. */
export async function packagedMachine(): Promise<string> {
  return await withAmazonProject(async (project) => {
    await project.serverless(['package', '--package', 'packaged'], { BALLAST_IMAGE: someImage })
    const file = join(project.directory, 'packaged/cloudformation-template-update-stack.json')
    return machineOf(JSON.parse(await readFile(file, 'utf8')) as Template)
  })
}

/** The state machine of a packaged template, in Amazon States Language. */
export function machineOf(template: Template): string {
  const { DefinitionString = '', DefinitionSubstitutions = {} } = template.Resources[machineId('fan-out')]?.Properties ?? {}
  const values = Object.entries(DefinitionSubstitutions).map(([name, value]) => [name, resolved(template, value)])
  return deployedDefinition(DefinitionString, Object.fromEntries(values) as Record<Known, string>)
}

/** What CloudFormation makes of the two intrinsic functions that a state machine is given. */
function resolved({ Resources }: Template, value: Record<string, unknown>): string {
  const { 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value
  if (typeof text === 'string') return text.replace(/\$\{AWS::Partition\}/, 'aws')
  const [id, name] = attribute as [string, string]
  if (name !== 'Arn') throw new Error(`nothing is known of ${id}.${name}`)
  return `arn:aws:lambda:${lambdaRegion}:123456789012:function:${Resources[id]?.Properties.FunctionName}`
}
