import type { Cluster } from '../../../config/index.ts'
import type { Accelerator } from '../../platform/qemu/guest-args.ts'
import { findQemu, type QemuPrograms } from '../../platform/qemu/programs.ts'
import { bakeBase } from '../bake/bake-base.ts'
import { hostAccelerator } from '../host-accelerator.ts'
import { requireRoot } from '../require-root.ts'

/** What machines are started with to be tested, and what is told of it. */
export interface LabHost {
  cluster: Cluster
  qemu: QemuPrograms
  accelerator: Accelerator
  /** A plain Debian, which boots to a login of root by its seed. */
  stockDisk: string
  signal?: AbortSignal | undefined
  /** Told of each check when it is done. */
  say: (line: string) => void
}

/** Finds out what this host can do. @throws Failure of kind `config` for what is missing. */
export async function labHost(options: {
  cluster: Cluster
  env: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
  say: (line: string) => void
}): Promise<LabHost> {
  requireRoot('booting machines on a network of their own')
  const { cluster, env, signal, say } = options
  const qemu = await findQemu(env)
  const { path: stockDisk } = await bakeBase(cluster, 'primary', { qemuImg: qemu.image, env, say, signal })
  const accelerator = await hostAccelerator(cluster, { qemu: qemu.system, disk: stockDisk, env, signal })
  return { cluster, qemu, accelerator, stockDisk, signal, say }
}
