import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LambdaFunctionOptions, startLambdaContainer } from '../support/lambda-function.ts'
import { type LambdaScene, startLambdaScene } from '../support/lambda-scene.ts'

const image = process.env.BALLAST_TEST_IMAGE ?? ''
let scene: LambdaScene

beforeAll(async () => {
  expect(image, 'BALLAST_TEST_IMAGE names the image: run `npm run test:container`').not.toBe('')
  scene = await startLambdaScene('lambda_image', 'lambda/image')
})
afterAll(() => scene?.stop())

test.each([
  ['backup', { slot: 'daily' }],
  ['verify', {}],
])('%s runs in the image as in Lambda: read-only, without a name, without shared memory', async (operation, event) => {
  const options: LambdaFunctionOptions = {
    taskRoot: scene.project.directory,
    handler: `build/functions/${operation}/handler.handler`,
    env: scene.moto.env,
  }
  const lambda = await startLambdaContainer(image, options)
  try {
    const invoked = await lambda.invoke(event)
    expect(invoked, JSON.stringify(invoked)).toMatchObject({ type: 'response', body: { operation, ok: true } })
  } finally {
    await lambda.stop()
  }
})
