import { type Command, Option } from 'commander'
import {
  addDefinitionOption,
  addExamples,
  addOutputOptions,
  addStoreOptions,
  type DefinitionOptions,
  repeatable,
  type StoreOptions,
} from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

type PublishOptions = DefinitionOptions & StoreOptions

interface PruneOptions extends PublishOptions {
  inUse: string[]
  listing: string[]
  amazon: boolean
  dryRun?: boolean
}

/** `ballast images publish`. */
export function addPublishImages(images: Command): void {
  const command = images
    .command('publish')
    .description(
      'Put baked images with their manifest, SBOM, checksums and test report into the store. One without a passing report about its very bytes is refused.',
    )
    .argument('<image...>', 'directory of a disk, or the file that a bake in a cloud left')
  addOutputOptions(addStoreOptions(addDefinitionOption(command)))
  addExamples(command, [
    ['ballast images publish images/ballast-shop-primary-20261126-220000', 'after `ballast images test`'],
    ['ballast images publish images/*/', 'every role at once; all are checked before the first is stored'],
    [
      'ballast images publish images/ballast-shop-primary-20261126-221500.amazon-ebs.json',
      'an AMI, where a disk of its commit and definition is published',
    ],
  ])
  command.action((paths: string[], options: PublishOptions) =>
    runCommand('images publish', options, (context) => publish(paths, options, context)),
  )
}

/** `ballast images prune`. */
export function addPruneImages(images: Command): void {
  const command = images
    .command('prune')
    .description(
      "Remove old images from the store and from EC2, with the copies in other regions and their snapshots; for other clouds, print the commands that do. The newest ones of each role and builder stay, as many as the definition's images.keep, and so does everything in use.",
    )
    .addOption(repeatable('--in-use <id>', 'name or id of an image that must stay; may be given several times', 'none'))
    .addOption(
      repeatable(
        '--listing <builder=file>',
        "what a cloud's own command line lists, as JSON; may be given for each cloud",
        'none',
      ),
    )
    .addOption(new Option('--no-amazon', 'leave EC2 alone'))
    .option('--dry-run', 'only show what would be removed and kept, and why')
  addOutputOptions(addStoreOptions(addDefinitionOption(command)))
  addExamples(command, [
    ['ballast images prune --dry-run', 'what would go, with the reasons'],
    ['ballast images prune --in-use ami-0123456789abcdef0', 'one that another account uses'],
    [
      'ballast images prune --listing hcloud=images.json',
      'after: hcloud image list --type snapshot --output json > images.json',
    ],
  ])
  command.action((options: PruneOptions) => runCommand('images prune', options, (context) => prune(options, context)))
}

async function publish(paths: readonly string[], options: PublishOptions, context: CommandContext): Promise<CommandResult> {
  const { publishBakedImages } = await import('./images/publish-images.ts')
  return await publishBakedImages(paths, options, context)
}

async function prune(options: PruneOptions, context: CommandContext): Promise<CommandResult> {
  const { pruneOldImages } = await import('./images/prune-images.ts')
  return await pruneOldImages(options, context)
}
