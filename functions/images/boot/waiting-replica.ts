import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'

/** Whether a replica without a primary says what it waits for, and has not given up. */
export async function checkWaiting(shell: GuestShell): Promise<LabFinding> {
  const unit = 'ballast-first-boot.service'
  const state = (await shell.run(['systemctl', 'show', '--value', '--property=ActiveState', unit])).stdout.trim()
  const log = (await shell.run(['journalctl', '--no-pager', '--output=cat', '--unit', unit])).stdout
  const problems = [
    ...(state === 'activating' ? [] : [`${unit} is ${state}`]),
    ...(log.includes('Waiting for the primary') ? [] : [`its log does not say what it waits for: ${log.trim()}`]),
  ]
  return judge(problems, log.trim().split('\n').at(-1) ?? '')
}
