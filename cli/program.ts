import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addAlertCommand } from './alert.ts'
import { addBackupCommand } from './backup.ts'
import { addCheckCommand } from './check.ts'
import { addCopyCommand } from './copy.ts'
import { addDemoCommand } from './demo.ts'
import { addDoctorCommand } from './doctor.ts'
import { addImagesCommand } from './images.ts'
import { addListCommand } from './list.ts'
import { addLoadtestCommand } from './loadtest.ts'
import { addPlanCommand } from './plan.ts'
import { addPruneCommand } from './prune.ts'
import { addRehearseCommand } from './rehearse.ts'
import { addReportCommand } from './report.ts'
import { addRestoreCommand } from './restore.ts'
import { addRunCommand } from './run.ts'
import { addServerlessCommand } from './serverless.ts'
import { addStatusCommand } from './status.ts'
import { addThawCommand } from './thaw.ts'
import { addTimersCommand } from './timers.ts'
import { addVerifyCommand } from './verify.ts'

/** The command line, with every command in the order people meet them. */
export function createProgram(): Command {
  const program = new Command('ballast')
    .description('Golden images, unattended verified backups, and proof at handover, for PostgreSQL on your own VMs.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('(ballast --help shows what there is)')
    .exitOverride()
  addBackupCommand(program)
  addPlanCommand(program)
  addListCommand(program)
  addVerifyCommand(program)
  addRestoreCommand(program)
  addThawCommand(program)
  addCopyCommand(program)
  addPruneCommand(program)
  addCheckCommand(program)
  addStatusCommand(program)
  addRunCommand(program)
  addLoadtestCommand(program)
  addRehearseCommand(program)
  addReportCommand(program)
  addAlertCommand(program)
  addTimersCommand(program)
  addServerlessCommand(program)
  addImagesCommand(program)
  addDoctorCommand(program)
  addDemoCommand(program)
  for (const command of program.commands) command.showHelpAfterError(`(ballast ${command.name()} --help shows its options)`)
  return program
}

function version(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}
