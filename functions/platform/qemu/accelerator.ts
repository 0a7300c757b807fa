import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { throwIfAborted } from '../abort.ts'
import { startGuard } from '../guard/guard.ts'
import { startGuest, untilGuest } from './guest.ts'
import type { Accelerator } from './guest-args.ts'

/** How it is found out whether guests run with KVM. */
export interface AcceleratorProbe {
  /** Path of `qemu-system-x86_64`. */
  qemu: string
  /** Boots to a login prompt on its console; it is not changed. */
  disk: string
  /** Takes the probe's logs. */
  directory: string
  /** File that keeps the answer until this machine is started again. */
  memory: string
  signal?: AbortSignal | undefined
}

/** A guest that takes longer under KVM than this to its login prompt would gain nothing over emulation. */
const probeWithinMs = 30_000

/**
 * What guests run on. KVM counts only when a guest has booted with it: where a hypervisor hands it on, /dev/kvm may open and
 * guests hang all the same.
 */
export async function chooseAccelerator(wanted: Accelerator | 'auto', probe: AcceleratorProbe): Promise<Accelerator> {
  if (wanted !== 'auto') return wanted
  if (!existsSync('/dev/kvm')) return 'tcg'
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const [knownBoot, known] = (await readFile(probe.memory, 'utf8').catch(() => '')).split(' ')
  if (knownBoot === boot && (known === 'kvm' || known === 'tcg')) return known
  const found = (await bootsWithKvm(probe)) ? 'kvm' : 'tcg'
  await mkdir(dirname(probe.memory), { recursive: true })
  await writeFile(probe.memory, `${boot} ${found}`)
  return found
}

async function bootsWithKvm({ qemu, disk, directory, signal }: AcceleratorProbe): Promise<boolean> {
  const guard = startGuard()
  try {
    const own = await mkdtemp(join(directory, 'probe-'))
    guard.removeAtEnd(own)
    const hardware = { cpus: 1, memoryMib: 512, accelerator: 'kvm' } as const
    const disks = [{ path: disk, format: 'qcow2', snapshot: true } as const]
    const guest = await startGuest(guard, { qemu, directory: own, name: 'probe', hardware, disks })
    const atLogin = async () => (await guest.console()).includes('login:')
    await untilGuest(guest, 'at its login prompt', atLogin, { withinMs: probeWithinMs, signal })
    return true
  } catch {
    throwIfAborted(signal, 'probe')
    return false
  } finally {
    await guard.release()
  }
}
