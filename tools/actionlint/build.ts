import { buildGoProgram, findBuilt, type GoProgram } from '../machine/go-program.ts'

/** What judges the workflows in .github. */
export const actionlint: GoProgram = {
  name: 'actionlint',
  version: 'v1.7.12',
  moduleDirectory: import.meta.dirname,
  package: 'github.com/rhysd/actionlint/cmd/actionlint',
  buildArgs: ['build', '-trimpath', '-ldflags', '-s -w'],
}

/** Path of actionlint, built now if it has to be. */
export async function actionlintPath(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return (await findBuilt(actionlint, env)) ?? (await buildGoProgram(actionlint, env))
}
