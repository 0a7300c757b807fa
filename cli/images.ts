import type { Command } from 'commander'
import { addBakeImages, addTestImages } from './images-bake.ts'
import { addPruneImages, addPublishImages } from './images-lifecycle.ts'
import { addSeedImages } from './images-seed.ts'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface RenderOptions extends DefinitionOptions {
  out?: string
  check?: boolean
}

/** `ballast images`, and what can be done with it. */
export function addImagesCommand(program: Command): void {
  const images = program
    .command('images')
    .description('Make golden images of the docker, primary and replica machines from the definition.')
  addRender(images)
  addBakeImages(images)
  addTestImages(images)
  addPublishImages(images)
  addPruneImages(images)
  addSeedImages(images)
}

function addRender(images: Command): void {
  const command = images
    .command('render')
    .description("Write Packer's templates, the roles' files and the clouds' firewalls.")
    .option('--out <directory>', 'where to (default: packer/templates)')
    .option('--check', 'write nothing, and exit with 1 when a file is not what the definition makes')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast images render', 'after every change of the definition'],
    ['ballast images render --check', 'in continuous integration'],
  ])
  command.action((options: RenderOptions) => runCommand('images render', options, (context) => render(options, context)))
}

async function render(options: RenderOptions, context: CommandContext): Promise<CommandResult> {
  const { renderImages } = await import('./images/render-images.ts')
  return await renderImages(options, context)
}
