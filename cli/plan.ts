import type { Command } from 'commander'
import { addCommonOptions, addExamples, wholeNumber } from './options.ts'
import type { PlanOptions } from './plan/plan-options.ts'
import { runCommand } from './run/run-command.ts'

/** `ballast plan`. */
export function addPlanCommand(program: Command): void {
  const command = program
    .command('plan')
    .description(
      'Say what a fanned-out backup of a database of some size would take, by simulation: nothing is read or written but the rates of earlier sets.',
    )
    .requiredOption('--size <size>', "tables on the source's disk, without indexes, such as 10TB")
    .option('--tables <number>', 'how many tables', wholeNumber(1, 1_000_000), 100)
    .option('--largest <size>', 'the largest of them (default: by the usual spread)')
    .option('--uncut <size>', 'one of them that cannot be cut: its access method is not heap')
    .option('--connections <number>', "backup.fanOut.connections (default: the definition's, else 8)", wholeNumber(5, 1000))
    .option('--rate <rate>', 'what one connection copies, such as 40MB/s (default: of earlier sets)')
    .option('--stored <percent>', 'stored bytes of the bytes of tables (default: of the newest set)')
    .option('--store-rate <rate>', 'what the store takes over one connection (default: 50MB/s)')
    .option('--latency <duration>', 'of one request to the store (default: 30ms)')
    .option('--start <duration>', 'of one call of a function, until it is at work (default: 1s)')
    .option('--wal-rate <rate>', 'WAL that the source writes, such as 5MB/s')
    .option('--prices <file>', "JSON with prices to take instead of Ballast's list")
  addCommonOptions(command)
  addExamples(command, [
    ['ballast plan --size 10TB --tables 5000', 'by the rates of earlier sets where there are some'],
    ['ballast plan --size 10TB --tables 5000 --connections 24 --rate 60MB/s', 'more workers, at a known rate'],
    ['ballast plan --size 2TB --tables 300 --largest 900GB --wal-rate 5MB/s', 'with one table that holds nearly half'],
    ['ballast plan --size 500GB --json | jq .numbers', 'for other programs'],
  ])
  command.action((options: PlanOptions) =>
    runCommand('plan', options, async (context) => {
      const { plan } = await import('./plan/make-plan.ts')
      return await plan(options, context)
    }),
  )
}
