import type { Command } from 'commander'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface RenderOptions extends DefinitionOptions {
  check?: boolean
}

/** `ballast serverless`, and what can be done with it. */
export function addServerlessCommand(program: Command): void {
  const serverless = program
    .command('serverless')
    .description("Run the definition's timetable as functions on AWS Lambda, deployed by serverless.yml.")
  addRender(serverless)
  addBundle(serverless)
}

function addRender(serverless: Command): void {
  const command = serverless
    .command('render')
    .description('Write serverless.yml, and one file more for each other region that holds a bucket.')
    .option('--check', 'write nothing, and exit with 1 when a file is not what the definition makes')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast serverless render', 'after every change of the definition'],
    ['ballast serverless render --check', 'in continuous integration'],
  ])
  command.action((options: RenderOptions) => runCommand('serverless render', options, (context) => render(options, context)))
}

function addBundle(serverless: Command): void {
  const command = serverless
    .command('bundle')
    .description('Make the bundles of the functions in build/; `npx serverless package` and `deploy` do so by themselves.')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [['ballast serverless bundle', 'before the container image is built']])
  command.action((options: DefinitionOptions) =>
    runCommand('serverless bundle', options, (context) => bundle(options, context)),
  )
}

async function render(options: RenderOptions, context: CommandContext): Promise<CommandResult> {
  const { renderServiceFiles } = await import('./serverless/render-service-files.ts')
  return await renderServiceFiles(options, context)
}

async function bundle(options: DefinitionOptions, context: CommandContext): Promise<CommandResult> {
  const { makeBundles } = await import('./serverless/make-bundles.ts')
  return await makeBundles(options, context)
}
