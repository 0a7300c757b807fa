import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../../config/index.ts'
import { type Guard, startGuard } from '../../platform/guard/guard.ts'
import type { Accelerator } from '../../platform/qemu/guest-args.ts'
import { type GuestNetwork, startNetwork } from '../../platform/qemu/network.ts'
import type { QemuPrograms } from '../../platform/qemu/programs.ts'
import { makeSshKey, type SshKey } from '../ssh-key.ts'
import { speakers } from './addresses.ts'

/** A place apart where machines made from images run and can be spoken with. */
export interface Lab {
  guard: Guard
  network: GuestNetwork
  qemu: QemuPrograms
  accelerator: Accelerator
  /** Lets the tests in. */
  key: SshKey
  /** Takes disks and logs. */
  directory: string
  /** Addresses of the machines that will run: no test speaks from those. */
  taken: readonly string[]
  signal: AbortSignal | undefined
  /** Ends every machine and removes all that was made. Idempotent. */
  end(): Promise<void>
}

/** What a lab is opened with. */
export interface LabOptions {
  qemu: QemuPrograms
  accelerator: Accelerator
  /** Whose networks the tests speak from. */
  cluster: Cluster
  /** Addresses of the machines that will run. */
  taken: readonly string[]
  signal?: AbortSignal | undefined
}

/** Opens a lab; all that is in it ends with this process, however that ends. */
export async function openLab({ cluster, ...options }: LabOptions): Promise<Lab> {
  const guard = startGuard()
  try {
    const directory = await mkdtemp(join(tmpdir(), 'ballast-lab-'))
    guard.removeAtEnd(directory)
    const key = await makeSshKey(directory)
    const addresses = (['ipv4', 'ipv6'] as const).flatMap((family) => Object.values(speakers(cluster, family, options.taken)))
    const network = await startNetwork(guard, addresses)
    return { guard, network, key, directory, signal: undefined, ...options, end: () => guard.release() }
  } catch (error) {
    await guard.release()
    throw error
  }
}
