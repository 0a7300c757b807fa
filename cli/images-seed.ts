import type { Command } from 'commander'
import type { SeedOptions } from './images/seed-node.ts'
import { addDefinitionOption, addExamples, addOutputOptions, repeatable, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

/** `ballast images seed`. */
export function addSeedImages(images: Command): void {
  const command = images
    .command('seed')
    .description(
      'Write what makes a machine from an image one node of the cluster: user-data with its secrets, for cloud-init.',
    )
    .requiredOption('--node <name>', 'whose seed')
    .requiredOption('--out <directory>', 'takes user-data, meta-data and network-config, for the owner alone')
    .addOption(repeatable('--password <role=file>', "password of a database's owner; may be given several times"))
    .option('--prefix-length <bits>', "a fixed address: the node's, in a network of this length", wholeNumber(1, 128))
    .option('--gateway <address>', 'with a fixed address: the way out')
    .addOption(repeatable('--name-server <address>', 'with a fixed address: who resolves names; may be given several times'))
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast images seed --node db-1 --out seed/db-1 --password shop_owner=/run/keys/shop', 'user-data for the primary'],
    ['ballast images seed --node db-2 --out seed/db-2 --prefix-length 24 --gateway 10.0.0.1', 'where there is no DHCP'],
    ['genisoimage -V cidata -J -r -o db-2.iso seed/db-2/*', 'a disk of it, for QEMU and for clouds without user-data'],
  ])
  command.action((options: SeedOptions) => runCommand('images seed', options, (context) => seed(options, context)))
}

async function seed(options: SeedOptions, context: CommandContext): Promise<CommandResult> {
  const { seedNode } = await import('./images/seed-node.ts')
  return await seedNode(options, context)
}
