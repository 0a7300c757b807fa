import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

type Options = CommonOptions & { write?: boolean }

/** `ballast status`. */
export function addStatusCommand(program: Command): void {
  const command = program
    .command('status')
    .description('Show how everything is: backups, proof, copies, replication, runs; the exit code is 1 when not well.')
    .option('--write', 'also write status.json and the status page into the store, for others to read')
  addCommonOptions(command)
  addExamples(command, [
    ['ballast status', 'the cluster of the definition in ballast.config.ts'],
    ['ballast status --store s3://backups/pg', 'what a store says, without a definition'],
    ['ballast status --write', 'write the page that clients read, as the schedule does'],
    ['ballast status --json | jq .details.concerns', 'for other programs'],
  ])
  command.action((options: Options) => runCommand('status', options, (context) => status(options, context)))
}

async function status(options: Options, { signal, style, target, note }: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { statusQuestion } = await import('./settings/status-question.ts')
  const { learnStatus } = await import('../functions/status/learn-status.ts')
  const { statusOutcome } = await import('./outcomes/status-outcome.ts')
  const { statusText } = await import('./terminal/status-text.ts')
  const definition = await loadDefinition(options.config)
  const env = commandEnvironment(definition)
  const question = { ...statusQuestion(options, definition, process.env), env, signal }
  target(question.cluster ?? 'backups')
  const report = await learnStatus(question)
  if (options.write) {
    const { storeSettings } = await import('../functions/runtime/definition/defined-store.ts')
    const { withStore } = await import('../functions/runtime/with-store.ts')
    const { publishStatus } = await import('../functions/status/publish-status.ts')
    const settings = await storeSettings(question.stateStore, env)
    await withStore(settings, async (store) => {
      const keys = await publishStatus(store, report, definition?.status.languages ?? ['pt-BR', 'en'], signal)
      for (const key of keys) note(`wrote ${store.location}/${key}`)
    })
  }
  return { outcome: statusOutcome(report), text: statusText(report, style), asked: true }
}
