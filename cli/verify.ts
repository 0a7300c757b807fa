import type { Command } from 'commander'
import { addCommonOptions, addExamples, addIdentityOption, type CommonOptions, share, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface Options extends CommonOptions {
  to?: string
  jobs: number
  share?: number
  identity?: string
}

const defaultJobs = 2

/** `ballast verify`. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .argument('[set]', "a set's name, latest, or latest-verified", 'latest')
    .description(
      'Prove a backup set: restore it into a scratch server, compare every row, and keep the evidence beside the set.',
    )
    .option('--to <url>', 'restore into a database made on this server, and dropped again, instead of a scratch server')
    .option('--jobs <number>', 'workers that load rows, build indexes and compare', wholeNumber(1, 64), defaultJobs)
    .option('--share <percent>', 'compare the rows of this share alone, those not compared for longest; count all', share)
  addCommonOptions(addIdentityOption(command))
  addExamples(command, [
    ['ballast verify', 'the newest set of the definition'],
    ['ballast verify --store s3://backups/pg --database shop', 'the newest set of one database, without a definition'],
    ['ballast verify --share 20%', 'all counts, and the digests of a fifth of the bytes, others each time'],
    ['ballast verify 2026-11-22T060000Z-daily --json', 'one set, with the findings for other programs'],
  ])
  command.action((set: string, options: Options) =>
    runCommand('verify', options, (context) => verifySet(set, options, context)),
  )
}

async function verifySet(set: string, options: Options, context: CommandContext): Promise<CommandResult> {
  const { ageIdentity } = await import('./settings/age-identity.ts')
  const { resolveSet } = await import('./settings/resolve.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { resolveConnection } = await import('../functions/platform/postgres/connection.ts')
  const { verify } = await import('../functions/verify/verify.ts')
  const { verifyOutcome } = await import('../functions/verify/verify-outcome.ts')
  const { definedSample } = await import('../functions/verify/digests/defined-sample.ts')
  const { elsewhere } = await import('./run/elsewhere.ts')
  const { verifyText } = await import('./terminal/verify-text.ts')
  const target = options.to === undefined ? undefined : resolveConnection(options.to, process.env)
  const { definition, store, address } = await resolveSet(set, options, context.signal)
  const identity = await ageIdentity(options.identity, definition, commandEnvironment(definition))
  context.target(`${address.cluster}/${address.database} ${address.set}`)
  context.progress.begin(`verify ${address.set}`)
  const startedMs = Date.now()
  const known = definition === undefined ? {} : definedSample(definition, startedMs)
  const report = await verify({
    ...{ store, address, env: process.env, signal: context.signal },
    ...(target === undefined ? {} : { target }),
    ...(identity === undefined ? {} : { identity }),
    ...(definition === undefined ? {} : { amcheck: definition.backup.verify.amcheck }),
    ...(options.share === undefined ? {} : { sample: { ...known, sharePercent: options.share } }),
    jobs: options.jobs,
    onProgress: context.progress.update,
  })
  const seconds = (Date.now() - startedMs) / 1000
  const others =
    report.findingsTotal === 0 ? undefined : await elsewhere({ definition, store, address, signal: context.signal })
  return { outcome: verifyOutcome(report, seconds, others), text: verifyText(report, seconds, context.style) }
}
