import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../../config/index.ts'
import { imageFamily } from '../../../packer/tags.ts'
import type { Guard } from '../../platform/guard/guard.ts'
import type { Accelerator } from '../../platform/qemu/guest-args.ts'
import { findQemu, type QemuPrograms } from '../../platform/qemu/programs.ts'
import type { BaseDisk } from '../base/base-disk.ts'
import { hostAccelerator } from '../host-accelerator.ts'
import type { ImageRole } from '../image-facts.ts'
import { requireRoot } from '../require-root.ts'
import { workingCommit } from '../working-commit.ts'
import { bakeBase } from './bake-base.ts'
import { type StepClock, stepClock } from './bake-steps.ts'
import { findPacker, type Packer } from './find-packer.ts'
import { buildDate, imageStamp } from './image-stamp.ts'

/** What is baked, and where it goes. */
export interface BakeOptions {
  cluster: Cluster
  /** The definition's file, as the template names it. */
  source: string
  role: ImageRole
  /** Takes the image's own directory; made where it is missing. */
  out: string
  env: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
  /** Told of each step as it begins, and of what was measured. */
  say: (line: string) => void
}

/** Everything that one bake has at hand. */
export interface Workshop extends BakeOptions {
  guard: Guard
  qemu: QemuPrograms
  packer: Packer
  base: BaseDisk
  accelerator: Accelerator
  commit: string
  /** When it is baked, as templates are given it. */
  date: string
  /** The image's name. */
  name: string
  /** Private, on the file system of `out`; the guard removes it. */
  directory: string
  clock: StepClock
}

/** The project's own directory. */
export const project = fileURLToPath(new URL('../../../', import.meta.url))

/** Finds, or makes, all that a bake needs. @throws Failure of kind `config` for what is missing on this machine. */
export async function openWorkshop(guard: Guard, options: BakeOptions): Promise<Workshop> {
  requireRoot('mounting the file systems of disks')
  const { cluster, role, out, env, signal, say } = options
  const clock = stepClock(say)
  const qemu = await findQemu(env)
  const packer = await findPacker(env)
  const commit = await workingCommit(project, env)
  await mkdir(out, { recursive: true })
  const directory = await mkdtemp(join(out, '.bake-'))
  guard.removeAtEnd(directory)
  clock.begin('base disk')
  const base = await bakeBase(cluster, role, { qemuImg: qemu.image, env, say, signal })
  clock.begin('accelerator')
  const accelerator = await hostAccelerator(cluster, { qemu: qemu.system, disk: base.path, env, signal })
  const date = buildDate(Date.now())
  const name = `${imageFamily(cluster, role)}-${imageStamp(date)}`
  return { ...options, guard, qemu, packer, base, accelerator, commit, date, name, directory, clock }
}
