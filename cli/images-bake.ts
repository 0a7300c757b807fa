import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ImageBuilder } from '../functions/images/image-facts.ts'
import { BUILDERS } from '../packer/builders/all.ts'
import { IMAGE_ROLES, type ImageRole } from '../packer/roles.ts'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface BakeCommandOptions extends DefinitionOptions {
  role: ImageRole
  builder: ImageBuilder
  out: string
  var: Readonly<Record<string, string>>
}

/** `ballast images bake`. */
export function addBakeImages(images: Command): void {
  const variable = new Option('--var <name=value>', "a variable of the builder's template; may be given several times")
    .argParser(addVariable)
    .default({}, 'what the definition has')
  const command = images
    .command('bake')
    .description('Make the image of a role: base disk, Packer, seal checks, manifest; or the same by a builder in a cloud.')
    .addOption(new Option('--role <role>', 'whose image').choices(IMAGE_ROLES).makeOptionMandatory())
    .addOption(new Option('--builder <builder>', 'what makes it').choices(BUILDERS.map(({ name }) => name)).default('qemu'))
    .option('--out <directory>', "takes the image's own directory", 'images')
    .addOption(variable)
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['sudo ballast images bake --role primary', "a disk in images/, made from the distribution's packages"],
    ['ballast images bake --role primary --builder amazon-ebs', 'an AMI, with the credentials of AWS_PROFILE'],
    ['ballast images bake --role docker --builder googlecompute --var network=bake', "in a network of one's own"],
  ])
  command.action((options: BakeCommandOptions) => runCommand('images bake', options, (context) => bake(options, context)))
}

/** `ballast images test`. */
export function addTestImages(images: Command): void {
  const command = images
    .command('test')
    .description(
      'Boot baked images and look at what comes of them; one of each role are also run together. The report, bound to the very bytes, lies beside each disk. Exit code 1 when a check failed.',
    )
    .argument('<directory...>', 'directories of baked images, each of another role')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['sudo ballast images test images/ballast-shop-primary-20261126-220000', 'boots it four times, in four sizes'],
    ['sudo ballast images test images/*/', 'all roles, and the cluster that they make'],
  ])
  command.action((directories: string[], options: DefinitionOptions) =>
    runCommand('images test', options, (context) => test(directories, options, context)),
  )
}

function addVariable(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^([a-z_]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It is a name, = and a value.')
  return { ...earlier, [name]: value }
}

async function bake(options: BakeCommandOptions, context: CommandContext): Promise<CommandResult> {
  const { bakeImage } = await import('./images/bake-image.ts')
  return await bakeImage({ ...options, variables: options.var }, context)
}

async function test(
  directories: readonly string[],
  options: DefinitionOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { testBakedImages } = await import('./images/test-images.ts')
  return await testBakedImages(directories, options, context)
}
