import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions, repeatable, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'
import type { BackupTuning } from './settings/backup-options.ts'
import type { DatabaseOptions } from './settings/connection-choice.ts'

type Options = CommonOptions & DatabaseOptions & BackupTuning & { ageRecipient: string[] }

/** `ballast backup`. */
export function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description('Back up a database from one consistent snapshot, rows in parallel, straight into the store.')
    .option('--url <url>', 'the database, as a URL or conninfo string (default: DATABASE_URL, then PG* variables)')
    .option('--all', 'every database of the definition; one that fails does not stop the others')
  addCommonOptions(command)
    .option('--workers <number>', 'connections that copy rows at the same time', wholeNumber(1, 64))
    .option('--compression-level <number>', 'zstd level: 1 is fast, 19 is small', wholeNumber(1, 19))
    .option('--lock-wait <duration>', "how long to wait for a table that is locked exclusively (default: '30 s')")
    .addOption(repeatable('--age-recipient <recipient>', 'encrypt to this age recipient (repeatable)').default([], ''))
    .option('--role-passwords', "keep the roles' password verifiers too; needs a superuser")
  addExamples(command, [
    ['ballast backup --url postgresql://backup@db1/shop --store s3://backups/pg', 'one database, without a definition'],
    ['ballast backup --url "$URL" --store s3://backups/pg --age-recipient age1...', 'encrypted before it leaves this host'],
    ['ballast backup --all', 'every database of ballast.config.ts'],
    ['ballast backup --database shop --json', 'one database of the definition, with the outcome for other programs'],
  ])
  command.action((options: Options) => runCommand('backup', options, (context) => backup(options, context)))
}

async function backup(options: Options, context: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { chooseDatabases } = await import('./settings/connection-choice.ts')
  const { chooseStore, withRecipients } = await import('./settings/store-choice.ts')
  const { storeSettings } = await import('../functions/runtime/definition/defined-store.ts')
  const { backupTuning } = await import('./settings/backup-options.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { clusterName } = await import('./settings/scope.ts')
  const { backupAll } = await import('./run/backup-all.ts')
  const definition = await loadDefinition(options.config)
  const databases = chooseDatabases(options, definition, process.env)
  const env = commandEnvironment(definition)
  const chosen = withRecipients(chooseStore(options, definition, process.env), options.ageRecipient, '--age-recipient')
  const store = await storeSettings(chosen, env)
  const cluster = clusterName(options, definition)
  const job = { databases, store, cluster, env, ...backupTuning(options, definition) }
  return await backupAll(job, context)
}
