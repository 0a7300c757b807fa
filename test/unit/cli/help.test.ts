import { expect, test } from 'vitest'
import { createProgram } from '../../../cli/program.ts'

const program = createProgram()
const names = program.commands.map((command) => command.name())

test('the commands, in the order people meet them', () => {
  expect(names).toEqual([
    'backup',
    'plan',
    'list',
    'verify',
    'restore',
    'thaw',
    'copy',
    'prune',
    'check',
    'status',
    'run',
    'loadtest',
    'rehearse',
    'report',
    'alert',
    'timers',
    'serverless',
    'images',
    'doctor',
    'demo',
  ])
})

test('the help of the program', () => {
  expect(program.helpInformation()).toMatchSnapshot()
})

const leaves = program.commands.flatMap((command) => (command.commands.length > 0 ? [...command.commands] : [command]))

test.each(leaves.map((command) => [command.name(), command] as const))(
  '%s has a description for every option, examples, --json and --quiet',
  (_, command) => {
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    expect(help).toContain('Examples:\n')
    expect(help).toContain('--json')
    expect(help).toContain('--quiet')
    expect(command.options.filter(({ description }) => description === '')).toEqual([])
    expect(help.split('\n').filter((line) => line.length > 100)).toEqual([])
  },
)
