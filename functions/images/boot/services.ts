import { setTimeout as sleep } from 'node:timers/promises'
import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'

const startedWithinMs = 5 * 60_000
const pollMs = 2_000

/** Whether the machine has started all of its services, and none has failed. */
export async function checkServices(shell: GuestShell): Promise<LabFinding> {
  const deadline = performance.now() + startedWithinMs
  let state = await systemState(shell)
  while (state !== 'running' && state !== 'degraded' && performance.now() < deadline) {
    await sleep(pollMs)
    state = await systemState(shell)
  }
  const failed = (await shell.run(['systemctl', 'list-units', '--failed', '--plain', '--no-legend'])).stdout.trim()
  const why =
    failed === ''
      ? ''
      : `; failed: ${failed
          .split('\n')
          .map((line) => line.split(/\s+/)[0])
          .join(', ')}`
  return judge(state === 'running' ? [] : [`the system is ${state}${why}`], 'every service is up')
}

/** `systemctl is-system-running` ends with another code than 0 while anything is not well. */
async function systemState(shell: GuestShell): Promise<string> {
  const { stdout } = await shell.run(['sh', '-c', 'systemctl is-system-running || true'])
  return stdout.trim()
}
