import { expect, test } from 'vitest'
import { Runbook } from '../../support/runbooks/runbook.ts'

const values = { PRIMARY: '10.0.0.11', REPLICA: '10.0.0.12', UNIT: 'postgresql@17-main' }
const ran: string[] = []
const places = {
  onMachine: async (script: string) => ({
    code: script.includes('check replication') ? 1 : 0,
    stdout: 'machine\n',
    stderr: '',
  }),
  onNode: async (address: string, script: string) => {
    ran.push(`${address}: ${script}`)
    return { code: 0, stdout: 'node\n', stderr: '' }
  },
}
const open = (): Runbook => new Runbook('lag', values, places)

test("a document's own text is run where it says, with the values in the place of its variables", async () => {
  expect(await open().follow('4. The slot is lost')).toBe('node\n')
  const settings = "PRIMARY='10.0.0.11'\nREPLICA='10.0.0.12'\nUNIT='postgresql@17-main'\n"
  expect(ran.at(-1)).toBe(`10.0.0.12: set -euo pipefail\n${settings}ballast-rejoin --primary $PRIMARY --rebuild\n`)
})

test('another exit code than the one that is expected ends it, and names the line', async () => {
  await expect(open().follow('It is done when')).rejects.toThrow(/exit code 1 of line \d+: ballast check replication/)
  expect(await open().follow('1. What is behind, and where', { exitCodes: [1] })).toBe('machine\nnode\n')
})

test('what is neither run nor left out is named, and no heading or variable is taken for another', async () => {
  const runbook = open()
  const all = runbook.untouched.length
  await runbook.follow('4. The slot is lost')
  runbook.leaveOut('It is done when', 'it is said in the other test of this file', 'ballast check')
  expect(runbook.untouched).toHaveLength(all - 2)
  expect(runbook.untouched.join()).not.toContain('--rebuild')
  await expect(runbook.follow('No such heading')).rejects.toThrow('there is no command below')
  expect(() => runbook.leaveOut('It is paused', 'no')).toThrow('that is no reason')
  expect(() => runbook.leaveOut('It is paused', 'a reason that is long enough to be one', 'rm')).toThrow('has "rm"')
  expect(() => runbook.followedIn('It is paused', 'runbooks/failed-backup.test.ts')).toThrow('does not follow "It is paused"')
  runbook.followedIn('It is paused', 'runbooks/cluster.test.ts')
  expect(runbook.untouched).toHaveLength(all - 3)
  expect(() => new Runbook('lag', { PRIMARY: 'x' }, places)).toThrow('lag.md sets PRIMARY REPLICA UNIT, and here is PRIMARY')
})
