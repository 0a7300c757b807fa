import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lambdaDefinition, lambdaRegion } from '../../support/lambda-definition.ts'
import { createLambdaProject, someImage } from '../../support/lambda-project.ts'
import { lintTemplate } from '../../support/lint-template.ts'

const nowhere = { database: 'shop', postgresPort: 5432, poolerPort: 6432, restoring: true }
const store = { bucket: 'shop-backups', prefix: 'pg', region: lambdaRegion }

test('a stack that restores by many functions is packaged, and cfn-lint and checkov find nothing in it', async () => {
  const project = await createLambdaProject(lambdaDefinition(nowhere, store, 'https://example.com/'))
  try {
    await project.ballast('serverless', 'render')
    await project.serverless(['package', '--package', 'packaged'], { BALLAST_IMAGE: someImage })
    const template = join(project.directory, 'packaged/cloudformation-template-update-stack.json')
    const { Resources } = JSON.parse(await readFile(template, 'utf8'))
    expect(Resources.FanRestoreMachine.Type).toBe('AWS::StepFunctions::StateMachine')
    expect(Resources.FanRestoreMachine.Properties.DefinitionSubstitutions.Steps).toEqual({
      'Fn::GetAtt': ['FanDashrestoreLambdaFunction', 'Arn'],
    })
    expect(Resources.FanDashrestoreLambdaFunction.Type).toBe('AWS::Lambda::Function')
    expect(Resources.VerifyLambdaFunction.Properties.Environment).toEqual({
      Variables: { BALLAST_FAN_VERIFY_MACHINE: { Ref: 'FanRestoreMachine' } },
    })
    await lintTemplate(template, project.directory)
  } finally {
    await project.remove()
  }
})
