import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { run } from '../../../functions/platform/process/run.ts'
import { IMAGE_ROLES } from '../../../packer/roles.ts'
import { templateLintPython } from '../../../tools/template-lint/find.ts'
import { referenceCluster } from '../../support/definitions.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { renderedText } from '../../support/packer-template.ts'

const directory = freshDirectory()
const reference = await referenceCluster()

/** What cfn-lint says of a CloudFormation template. */
async function lint(text: string): Promise<string> {
  const file = `${directory()}.json`
  await writeFile(file, text)
  const env = { PATH: '/usr/bin:/bin', HOME: '/', LC_ALL: 'C.UTF-8' }
  const args = ['-c', 'from cfnlint.runner import main; main()', '--', file]
  return await run({ command: await templateLintPython(), args, env, timeoutMs: 120_000 }).then(
    ({ stdout }) => stdout,
    (error: Error) => error.message,
  )
}

test.each(IMAGE_ROLES)('cfn-lint finds nothing in the security group of %s', async (role) => {
  expect(await lint(renderedText(reference, `security-groups/amazon/${role}.json`))).toBe('')
})

test('cfn-lint finds a misspelt property', async () => {
  const text = renderedText(reference, 'security-groups/amazon/docker.json').replaceAll('"CidrIp"', '"CidrIpp"')
  expect(await lint(text)).not.toBe('')
})
