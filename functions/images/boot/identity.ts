import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { askPostgres } from '../lab/postgres.ts'

/** What no two machines may share, by name. */
export type Identity = Readonly<Record<string, string>>

/** What makes a machine one of its kind; with PostgreSQL, its cluster's too. */
export async function readIdentity(shell: GuestShell, withPostgres: boolean): Promise<Identity> {
  const machine = await shell.run(['cat', '/etc/machine-id'])
  const keys = await shell.run([
    'sh',
    '-c',
    'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub; find /etc/ssh -name "ssh_host_*"',
  ])
  const own = { 'machine id': machine.stdout.trim(), 'SSH host key': keys.stdout.trim().split(' ')[1] ?? '' }
  if (!withPostgres) return own
  const identifier = await askPostgres(shell, 'SELECT system_identifier FROM pg_control_system()')
  return { ...own, 'PostgreSQL system identifier': identifier }
}

/** Compares two machines that were started from one image. */
export function compareIdentities(one: Identity, other: Identity): LabFinding {
  const problems = Object.entries(one).flatMap(([name, value]) => {
    if (value === '') return [`there is no ${name}`]
    return other[name] === value ? [`both have the ${name} ${value}`] : []
  })
  return judge(problems, `${Object.keys(one).join(', ')} differ`)
}
