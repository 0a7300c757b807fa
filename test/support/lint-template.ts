import { run } from '../../functions/platform/process/run.ts'
import { templateLintPython } from '../../tools/template-lint/find.ts'

const withinMs = 120_000

/** Fails when cfn-lint or checkov finds anything in a CloudFormation template. @param home for what they write. */
export async function lintTemplate(template: string, home: string): Promise<void> {
  const command = await templateLintPython()
  const env = { PATH: '/usr/bin:/bin', HOME: home, LC_ALL: 'C.UTF-8' }
  // W3005: the Serverless Framework writes a DependsOn beside every GetAtt of a role.
  const lint = ['-c', 'from cfnlint.runner import main; main()', '--ignore-checks', 'W3005', '--', template]
  await run({ command, args: lint, env, timeoutMs: withinMs })
  const policy = ['--framework', 'cloudformation', '--compact', '--quiet', '--skip-download', '-f', template]
  await run({ command, args: ['-m', 'checkov.main', ...policy], env, timeoutMs: withinMs })
}
