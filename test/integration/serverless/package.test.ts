import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCluster } from '../../../config/index.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { lambdaFunctions } from '../../../serverless/functions.ts'
import { reachOf } from '../../../serverless/reach.ts'
import { deployedDefinition } from '../../../serverless/state-machine/known-when-deployed.ts'
import { machineDefinitions } from '../../../serverless/state-machine/resources.ts'
import { startLambdaFunction } from '../../support/lambda-function.ts'
import { createLambdaProject, type LambdaProject, someImage } from '../../support/lambda-project.ts'
import { lintTemplate } from '../../support/lint-template.ts'
import { machineOf } from '../../support/packaged-machine.ts'

const mostZipBytes = 1_500_000
const root = join(import.meta.dirname, '../../..')
const certificate = '/etc/ballast/root.crt'

let project: LambdaProject
let zips: string[]

beforeAll(async () => {
  const reference = await readFile(join(root, 'ballast.config.ts'), 'utf8')
  expect(reference).toContain(certificate)
  project = await createLambdaProject(reference)
  const own = join(project.directory, 'root.crt')
  await writeFile(own, 'a certificate\n')
  await writeFile(join(project.directory, 'ballast.config.ts'), reference.replaceAll(certificate, own))
  await project.ballast('serverless', 'render')
  await package_('--package', 'packaged')
  zips = (await readdir(join(project.directory, 'packaged'))).filter((name) => name.endsWith('.zip')).sort()
})
afterAll(() => project?.remove())

/** Without credentials, without a home and without anything else in the environment. */
async function package_(...args: string[]): Promise<void> {
  await project.serverless(['package', ...args], { BALLAST_IMAGE: someImage })
}

async function extracted(zip: string): Promise<string> {
  const to = join(project.directory, 'unpacked', zip)
  await mkdir(to, { recursive: true })
  const args = ['-m', 'zipfile', '-e', join(project.directory, 'packaged', zip), to]
  await run({ command: '/usr/bin/python3', args, env: {} })
  return to
}

async function digests(directory: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const zip of zips) {
    const bytes = await readFile(join(project.directory, directory, zip))
    found[zip] = createHash('sha256').update(bytes).digest('hex')
  }
  return found
}

test('every function without a container has a zip, and it is small', async () => {
  const { cluster } = reachOf(await loadCluster(join(root, 'ballast.config.ts')))
  const light = lambdaFunctions(cluster).filter(({ kind }) => kind === 'zip')
  expect(light.length).toBeGreaterThan(1)
  expect(zips).toEqual(light.map(({ operation }) => `${operation}.zip`).sort())
  for (const zip of zips) expect((await stat(join(project.directory, 'packaged', zip))).size).toBeLessThan(mostZipBytes)
})

test('every zip holds its function alone, which loads in the runtime of Lambda and refuses an event that is none', async () => {
  for (const zip of zips) {
    const operation = zip.replace('.zip', '')
    const taskRoot = await extracted(zip)
    expect(await readdir(taskRoot)).toEqual(['build'])
    expect((await readdir(join(taskRoot, 'build'))).sort()).toEqual(['functions', 'package.json'])
    expect(await readdir(join(taskRoot, 'build/functions'))).toEqual([operation])
    const lambda = await startLambdaFunction({ taskRoot, handler: `build/functions/${operation}/handler.handler` })
    try {
      const invoked = await lambda.invoke({ operation })
      expect(invoked).toMatchObject({ type: 'error', errorType: 'ConfigFailure' })
      expect(invoked).toHaveProperty('errorMessage', expect.stringContaining('Unrecognized key: "operation"'))
    } finally {
      await lambda.stop()
    }
  }
})

test('the same sources and definition give the same bytes', async () => {
  const first = await digests('packaged')
  expect(Object.keys(first)).toEqual(zips)
  await package_('--package', 'again')
  expect(await digests('again')).toEqual(first)
})

test('nothing is packaged while serverless.yml is not what the definition makes', async () => {
  const file = join(project.directory, 'serverless.yml')
  const text = await readFile(file, 'utf8')
  await copyFile(file, `${file}.kept`)
  try {
    await writeFile(file, text.replace('memorySize: 2048', 'memorySize: 1024'))
    await expect(package_()).rejects.toThrow('is not what the definition makes')
  } finally {
    await rename(`${file}.kept`, file)
  }
})

test('nothing is packaged without the certificate that functions check the servers with', async () => {
  const file = join(project.directory, 'root.crt')
  await rename(file, `${file}.kept`)
  try {
    await expect(project.ballast('serverless', 'bundle')).rejects.toThrow('root.crt cannot be read here')
  } finally {
    await rename(`${file}.kept`, file)
  }
})

test('the state machine is packaged as it is rendered, with the functions of the stack', async () => {
  const file = join(project.directory, 'packaged/cloudformation-template-update-stack.json')
  const packaged = machineOf(JSON.parse(await readFile(file, 'utf8')))
  const { cluster } = reachOf(await loadCluster(join(root, 'ballast.config.ts')))
  const [made] = machineDefinitions(cluster, lambdaFunctions(cluster))
  const account = 'arn:aws:lambda:sa-east-1:123456789012:function'
  const rendered = JSON.stringify(made?.definition, undefined, 2)
  expect(packaged).toBe(
    deployedDefinition(rendered, {
      ...{ Steps: `${account}:ballast-shop-fan-out`, Removal: `${account}:ballast-shop-retention` },
      ...{ Invoke: 'arn:aws:states:::lambda:invoke', GetObject: 'arn:aws:states:::s3:getObject' },
    }),
  )
})

test.each(['serverless.yml', 'serverless.us-east-1.yml'])(
  'cfn-lint and checkov find nothing in the template of %s',
  async (file) => {
    const out = join(project.directory, `template-${file}`)
    await package_('--config', file, '--package', out)
    const template = join(out, 'cloudformation-template-update-stack.json')
    await lintTemplate(template, project.directory)
  },
)
