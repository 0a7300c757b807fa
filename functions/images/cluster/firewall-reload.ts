import { poolerLogin } from '../boot/scene.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { runClient } from '../lab/postgres.ts'
import type { ClusterScene } from './scene.ts'

const reloads = 10
const loadSeconds = 15

/** Loads the firewall anew, many times, while clients work through the pooler: none may lose its connection. */
export async function checkFirewallReload({ lab, primary }: ClusterScene): Promise<LabFinding> {
  const args = ['--client=4', `--time=${loadSeconds}`, '--no-vacuum', '--select-only']
  const load = runClient(lab, poolerLogin(primary), 'pgbench', args, 5 * 60_000)
  const reloading = async (): Promise<void> => {
    for (let round = 0; round < reloads; round++) await primary.shell.run(['systemctl', 'reload', 'ballast-firewall.service'])
  }
  const [said] = await Promise.all([load, reloading()])
  const [, failed = 'unknown'] = /number of failed transactions: (\d+)/.exec(said) ?? []
  const [, done = '0'] = /number of transactions actually processed: (\d+)/.exec(said) ?? []
  const problems = failed === '0' && Number(done) > 0 ? [] : [`transactions failed: ${failed}, done: ${done}`]
  return judge(problems, `${reloads} reloads while 4 clients did ${done} transactions; none was lost`)
}
