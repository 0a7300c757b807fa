import { toFailure } from '../../functions/platform/failure.ts'
import { buildEnvironment, findEnvironment } from '../../functions/platform/python/python-environment.ts'
import { actionlint } from '../actionlint/build.ts'
import { buildDockerTree } from '../docker-tree/build.ts'
import { findDockerTree } from '../docker-tree/find.ts'
import { buildLambdaRuntime, missingBuildPackages } from '../lambda-runtime/build.ts'
import { findLambdaRuntime } from '../lambda-runtime/find.ts'
import { templateLint } from '../template-lint/find.ts'
import { canInstall, installPackages } from './apt.ts'
import { buildGoProgram, findBuilt } from './go-program.ts'

/** What only the tests need. Each is made once, in the user's cache; without one, the tests that need it fail. */
export async function prepareTestTools(say: (line: string) => void): Promise<void> {
  await attempt('the judge of CloudFormation templates', say, async () => {
    if (await findEnvironment(templateLint, process.env)) return
    say('Installing cfn-lint and checkov, which judge the templates (once; one to two minutes)')
    await buildEnvironment(templateLint, process.env)
  })
  await attempt('judge of the workflows', say, async () => {
    if (await findBuilt(actionlint, process.env)) return
    say(`Building actionlint ${actionlint.version}, which judges the workflows (once; a few seconds)`)
    await buildGoProgram(actionlint, process.env)
  })
  await attempt("Lambda's runtime client", say, async () => {
    if (await findLambdaRuntime(process.env)) return
    const missing = await missingBuildPackages(process.env)
    if (missing.length > 0 && canInstall()) {
      say(`Installing Debian packages: ${missing.join(', ')} (to build Lambda's runtime client with)`)
      await installPackages(missing)
    }
    say("Building Lambda's runtime client (once; one to two minutes)")
    await buildLambdaRuntime(process.env)
  })
  await attempt("tree of a docker node's packages", say, async () => {
    if (findDockerTree(process.env) !== undefined || !canInstall()) return
    say("Installing a docker node's packages into a tree of their own (once; one to two minutes)")
    await buildDockerTree(process.env)
  })
}

async function attempt(what: string, say: (line: string) => void, prepare: () => Promise<void>): Promise<void> {
  try {
    await prepare()
  } catch (error) {
    const { message, hint } = toFailure(error, what)
    say(`There is no ${what}: ${message}`)
    say(`${hint} Until then the tests that need it fail.`)
  }
}
