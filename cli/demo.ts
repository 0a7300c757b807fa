import type { Command } from 'commander'
import { addExamples, addOutputOptions } from './options.ts'
import { type CommandContext, type CommandResult, type OutputOptions, runCommand } from './run/run-command.ts'

type DemoCommandOptions = OutputOptions & { keep?: boolean }

/** `ballast demo`: what `npm start` runs. */
export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description('Show the main job on a real cluster of its own: back up, prove, restore, and find a damaged copy.')
    .option('--keep', 'leave the cluster running afterwards, and print commands to try on it; Ctrl-C stops it')
  addOutputOptions(command)
  addExamples(command, [
    ['npm start', 'the same, after setting up what is missing'],
    ['npm start -- --keep', 'and keep the cluster to try commands on'],
  ])
  command.action((options: DemoCommandOptions) => runCommand('demo', options, (context) => demo(options, context)))
}

async function demo(options: DemoCommandOptions, { signal, style, note, target }: CommandContext): Promise<CommandResult> {
  const { startDemoSandbox, demoStore } = await import('../sandbox/demo/demo-sandbox.ts')
  const { runDemo } = await import('../sandbox/demo/demo.ts')
  const { waitForEnd } = await import('../sandbox/demo/wait-for-end.ts')
  const { demoText, stepLine, thingsToTry } = await import('./terminal/demo-text.ts')
  target('sandbox')
  const startedMs = Date.now()
  note('Starting a cluster on loopback: primary, standby, PgBouncer and an S3 server')
  const sandbox = await startDemoSandbox(signal, note)
  try {
    const store = demoStore(sandbox, 'backups')
    const steps = await runDemo({
      ...{
        sandbox,
        store,
        spareStore: demoStore(sandbox, 'damaged'),
        copyStore: demoStore(sandbox, 'second-copy'),
        env: process.env,
        signal,
      },
      onStep: (name) => note(style.dim(`  ${name} ...`)),
      onResult: (step) => note(stepLine(step, style)),
    })
    const seconds = (Date.now() - startedMs) / 1000
    if (options.keep) {
      process.stdout.write(demoText(steps, seconds, style) + thingsToTry(sandbox, store))
      await waitForEnd(signal)
    }
    return {
      outcome: { operation: 'demo', subject: 'sandbox', ok: true, numbers: { seconds }, details: { steps } },
      text: options.keep ? '' : demoText(steps, seconds, style),
    }
  } finally {
    note('Stopping the cluster and removing its directory')
    await sandbox.stop()
  }
}
