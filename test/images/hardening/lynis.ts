import type { BootedSystemd } from '../../support/booted-systemd.ts'

/** What Lynis says of a machine. */
export interface LynisReport {
  /** 0 to 100. */
  index: number
  version: string
  /** Ids of the controls that it would change, such as `SSH-7408`, each once, sorted. */
  open: string[]
}

/**
 * They look at the kernel that runs, and here that is the host's: its settings, its age, its cgroups and its AppArmor. In a
 * guest, verify/set-kernel.sh compares every setting.
 */
export const aboutTheHost: readonly string[] = ['CONT-8104', 'KRNL-5830', 'KRNL-6000', 'MACF-6208']
/** What Lynis says of its own age. */
const aboutItself = 'LYNIS'

/** Audits a machine that has Lynis. */
export async function runLynis(machine: BootedSystemd): Promise<LynisReport> {
  const profile = aboutTheHost.map((id) => `skip-test=${id}\n`).join('')
  await machine.run('tee', ['/etc/lynis/custom.prf'], profile)
  await machine.run('lynis', ['audit', 'system', '--quick', '--quiet', '--no-colors', '--report-file', '/root/lynis.dat'])
  return parseReport((await machine.run('cat', ['/root/lynis.dat'])).stdout)
}

function parseReport(text: string): LynisReport {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? ''
  const ids = [...text.matchAll(/^(?:warning|suggestion)\[\]=([^|]+)\|/gm)].map(([, id = '']) => id)
  const open = [...new Set(ids)].filter((id) => id !== aboutItself).sort()
  return { index: Number(value('hardening_index')), version: value('lynis_version'), open }
}
