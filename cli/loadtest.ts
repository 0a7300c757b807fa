import { dirname, resolve } from 'node:path'
import { Argument, type Command } from 'commander'
import type { Cluster } from '../config/cluster.ts'
import { type LoadProfile, loadProfiles } from '../config/load-profiles.ts'
import type { LoadScene } from '../handover/loadtest/scene.ts'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'
import type { GoalOptions } from './settings/loadtest-goals.ts'

interface Options extends DefinitionOptions, GoalOptions {
  sandbox?: boolean
  results?: string
  database?: string
  withoutDatabase?: boolean
  duration?: string
  yes?: boolean
}

/** `ballast loadtest`. */
export function addLoadtestCommand(program: Command): void {
  const command = program
    .command('loadtest')
    .description(
      "Put the load on the application and its database that the definition's goals promise, and see whether they hold: requests and websockets by k6, then pgbench through PgBouncer and direct.",
    )
    .addArgument(new Argument('[profile]', 'what load').choices(loadProfiles).default(loadProfiles[0]))
    .option('--sandbox', 'on a cluster of its own with the reference application, in place of the machines of the definition')
    .option('--results <directory>', 'where the record is kept, and the one before is looked for (default: results)')
    .option('--database <name>', 'database that pgbench works in, as its owner, in a schema of its own')
    .option('--without-database', 'no pgbench, and no look at PgBouncer and PostgreSQL, where they cannot be reached from here')
  addGoalOptions(command)
  command.option('--yes', 'load a production cluster without asking')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast loadtest smoke --sandbox', 'half a minute, on this machine alone'],
    ["ballast loadtest average --rate '80 /s' --p95 '150 ms'", 'the services of the definition, held to more than it promises'],
    ['ballast loadtest soak --without-database --json', 'from a machine that only reaches the application'],
  ])
  command.action((profile: LoadProfile, options: Options) =>
    runCommand('loadtest', options, (context) => loadtest(profile, options, context)),
  )
}

function addGoalOptions(command: Command): void {
  command
    .option('--rate <rate>', "requests a second that must be taken: '80 /s'")
    .option('--max-lost <percent>', "of them that may be lost: '5 %'")
    .option('--p95 <time>', "of right answers: '150 ms'")
    .option('--p99 <time>', "of right answers: '400 ms'")
    .option('--min-success <percent>', "of answers that must be right: '99.9 %'")
    .option('--websockets <number>', 'connections that must stay open', wholeNumber(0, 100_000))
    .option('--duration <time>', "of the plateau of average, stress and soak: '5 min'")
    .addHelpText('after', "\nGoals and durations that are not given are the definition's (loadtests).")
}

async function loadtest(profile: LoadProfile, options: Options, context: CommandContext): Promise<CommandResult> {
  const { requireDefinition, defaultDefinition } = await import('./settings/definition.ts')
  const { chosenGoals } = await import('./settings/loadtest-goals.ts')
  const { durationSeconds } = await import('./settings/backup-options.ts')
  const { runOrigin } = await import('../handover/records/run-start.ts')
  const { runLoadTest } = await import('../handover/loadtest/run-load-test.ts')
  const { resultsDirectory } = await import('../handover/records/kept-records.ts')
  const { keepLoadTest } = await import('./run/keep-load-test.ts')
  const { loadtestProgress } = await import('./terminal/loadtest-progress.ts')
  const definition = await requireDefinition(options.config)
  const on = options.sandbox ? 'sandbox' : 'cluster'
  context.target(`${definition.name} ${profile}`)
  const goals = chosenGoals(definition.loadtests, options)
  const { duration } = options
  const plateau = duration === undefined ? {} : { durationSeconds: durationSeconds('--duration', duration) }
  const origin = await runOrigin(definition, on, dirname(resolve(options.config ?? defaultDefinition)), process.env)
  const scene = await sceneOf(definition, options, context)
  try {
    const { targets, site, neighbour } = scene
    const record = await runLoadTest({
      ...{ origin, definition, profile, goals, targets, site, env: process.env, signal: context.signal, ...plateau },
      ...(neighbour === undefined ? {} : { neighbour }),
      ...loadtestProgress(`loadtest ${profile}`, context),
    })
    return await keepLoadTest(options.results ?? resultsDirectory, record, context.style)
  } finally {
    await scene.stop()
  }
}

async function sceneOf(definition: Cluster, options: Options, context: CommandContext): Promise<LoadScene> {
  const { clusterScene, startSandboxScene } = await import('../handover/loadtest/scene.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { loadtestDatabase } = await import('./settings/loadtest-database.ts')
  const { confirm } = await import('./terminal/confirm.ts')
  const database = loadtestDatabase(definition, options)
  if (options.sandbox) {
    context.note('Starting a cluster on loopback with the reference application')
    const { site, ...scene } = await startSandboxScene(context.signal)
    return { ...scene, site: options.withoutDatabase ? undefined : site }
  }
  const scene = await clusterScene(definition, database, commandEnvironment(definition))
  if (definition.environment === 'production' && !options.yes) {
    await confirm(`This puts load on ${definition.name}, which is in production.`, '--yes', context.signal)
  }
  return scene
}
