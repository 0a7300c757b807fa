import type { Command } from 'commander'
import { addCommonOptions, addExamples, addIdentityOption, type CommonOptions, repeatable, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface Options extends CommonOptions {
  to: string
  jobs: number
  identity?: string
  clean?: boolean
  owner: boolean
  privileges: boolean
  role?: string
  roles?: boolean
  schema: string[]
  table: string[]
}

const defaultJobs = 2

/** `ballast restore`. */
export function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore')
    .description('Restore a backup set, or one table or schema of it, into a database.')
    .argument('<set>', "a set's name, latest, or latest-verified")
    .requiredOption('--to <url>', 'the database to restore into; it must exist')
    .option('--jobs <number>', 'workers that load rows and build indexes', wholeNumber(1, 64), defaultJobs)
    .option('--clean', 'drop what the set would create, first')
    .option('--no-owner', 'let everything belong to the role that restores')
    .option('--no-privileges', 'leave out grants')
    .option('--role <name>', 'SET ROLE before creating anything')
    .option('--roles', 'create the roles of the set that the server lacks')
    .addOption(repeatable('--schema <name>', 'only this schema (repeatable)'))
    .addOption(repeatable('--table <name>', 'only this table, as table or schema.table (repeatable)'))
  addCommonOptions(addIdentityOption(command))
  addExamples(command, [
    ['ballast restore latest --to postgresql://postgres@db2/shop', 'the newest set of the definition into an empty database'],
    ['ballast restore latest-verified --database shop --store s3://backups/pg --to "$URL"', 'the newest set that was proven'],
    ['ballast restore latest --to "$URL" --table public.orders --no-owner', 'one table, without being superuser'],
    ['ballast restore latest --to "$URL" --identity ~/identity.txt', 'from a store with ageRecipients'],
  ])
  command.action((set: string, options: Options) =>
    runCommand('restore', options, (context) => restoreSet(set, options, context)),
  )
}

async function restoreSet(set: string, options: Options, context: CommandContext): Promise<CommandResult> {
  const { ageIdentity } = await import('./settings/age-identity.ts')
  const { resolveSet } = await import('./settings/resolve.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { resolveConnection } = await import('../functions/platform/postgres/connection.ts')
  const { restore } = await import('../functions/restore/restore.ts')
  const { cautionText, readChosenProof } = await import('../functions/restore/chosen-proof.ts')
  const { withStore } = await import('../functions/runtime/with-store.ts')
  const { restoreOutcome } = await import('../functions/restore/restore-outcome.ts')
  const { restoreText } = await import('./terminal/restore-text.ts')
  const { namingOthers } = await import('./run/elsewhere.ts')
  const target = resolveConnection(options.to, process.env)
  const { definition, store, address, ...found } = await resolveSet(set, options, context.signal)
  const identity = await ageIdentity(options.identity, definition, commandEnvironment(definition))
  context.target(`${address.cluster}/${address.database} ${address.set}`)
  const proof = await withStore(store, (open) => readChosenProof(open, { address, ...found }, context.signal))
  const caution = proof && cautionText(proof, address.set)
  if (caution !== undefined) context.note(caution)
  context.progress.begin(`restore ${address.set}`)
  const startedMs = Date.now()
  const result = await restore({
    ...{ store, address, target, env: process.env, signal: context.signal },
    ...(identity === undefined ? {} : { identity }),
    jobs: options.jobs,
    clean: options.clean ?? false,
    roles: options.roles ?? false,
    noOwner: !options.owner,
    noPrivileges: !options.privileges,
    ...(options.role === undefined ? {} : { role: options.role }),
    schemas: options.schema,
    tables: options.table,
    onProgress: context.progress.update,
  }).catch(async (error: unknown) => {
    throw await namingOthers(error, { definition, store, address, signal: context.signal })
  })
  const seconds = (Date.now() - startedMs) / 1000
  return {
    outcome: restoreOutcome(address, result, seconds, proof),
    text: restoreText(address, target, result, seconds, context.style),
  }
}
