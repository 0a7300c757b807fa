import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { runClient } from '../lab/postgres.ts'
import { type BootedNode, poolerLogin } from './scene.ts'

/** systemd's scale goes from 0, no rights at all, to 10. */
const mostExposure = 2.0
const pgbenchSeconds = 20

/**
 * How exposed the sandboxed services are by systemd's own measure, and that they do their work inside: meanwhile, and through
 * the pooler, pgbench writes.
 */
export async function checkSandboxes(booted: BootedNode): Promise<LabFinding> {
  const { lab, cluster, shell } = booted
  const login = poolerLogin(booted)
  const pgbench = async (...args: string[]) => await runClient(lab, login, 'pgbench', args, 5 * 60_000)
  const units = [
    `postgresql@${cluster.postgres.version}-main.service`,
    'pgbouncer.service',
    'prometheus-node-exporter.service',
    'prometheus-postgres-exporter.service',
  ]
  await pgbench('--initialize', '--quiet', '--scale=1')
  const work = pgbench('--client=4', `--time=${pgbenchSeconds}`, '--protocol=prepared', '--no-vacuum')
  const [said, exposures] = await Promise.all([work, exposuresOf(shell, units)])
  await pgbench('--initialize', '--init-steps=d')
  const problems = exposures
    .filter(({ exposure }) => !(exposure <= mostExposure))
    .map(({ unit, exposure }) => `${unit} has an exposure of ${exposure}`)
  const [, failed = 'unknown'] = /number of failed transactions: (\d+)/.exec(said) ?? []
  const [, rate = ''] = /^tps = ([\d.]+)/m.exec(said) ?? []
  if (failed !== '0') problems.push(`transactions failed: ${failed}`)
  return judge(
    problems,
    `${exposures.map(({ unit, exposure }) => `${unit} ${exposure}`).join(', ')}; pgbench ${rate} transactions/s`,
  )
}

async function exposuresOf(shell: GuestShell, units: readonly string[]): Promise<{ unit: string; exposure: number }[]> {
  const exposures = []
  for (const unit of units) {
    const { stdout } = await shell.run(['systemd-analyze', '--no-pager', 'security', unit])
    const [, exposure] = /Overall exposure level for .*: ([\d.]+)/.exec(stdout) ?? []
    exposures.push({ unit, exposure: Number(exposure) })
  }
  return exposures
}
