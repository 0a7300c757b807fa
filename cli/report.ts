import { type Command, Option } from 'commander'
import { addDefinitionOption, addExamples, addOutputOptions } from './options.ts'
import type { ReportOptions } from './report/report-options.ts'
import { runCommand } from './run/run-command.ts'

/** `ballast report`. */
export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('Make the handover report: what the tests of this definition showed, and what was not tested.')
    .option('--results <directory>', 'where the records of load tests and drills are (default: results)')
    .option('--out <directory>', 'where to write it (default: <results>/<cluster>/report)')
    .addOption(new Option('--language <names...>', "languages (default: the definition's)").choices(['pt-BR', 'en']))
    .addOption(new Option('--images <directory...>', 'directories of baked images that belong to it'))
    .option('--stored', 'also ask the first store for the newest backups and their proofs')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast report', 'from what `ballast loadtest` and `ballast rehearse` left in results/'],
    ['ballast report --images images/shop-primary-* --stored', 'with what is in the images, and the newest proofs'],
    ['ballast report --language en --out handover', 'in English alone, into another directory'],
  ])
  command.action((options: ReportOptions) =>
    runCommand('report', options, async (context) => {
      const { makeReport } = await import('./report/make-report.ts')
      return await makeReport(options, context)
    }),
  )
}
