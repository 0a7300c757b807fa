import { join } from 'node:path'
import { makeOverlay } from '../../platform/qemu/disk-image.ts'
import { type Guest, startGuest } from '../../platform/qemu/guest.ts'
import type { GuestHardware } from '../../platform/qemu/guest-args.ts'
import { type GuestShell, openShell } from '../../platform/qemu/guest-shell.ts'
import { type Seed, writeSeedDisk } from '../../platform/qemu/seed-disk.ts'
import type { Lab } from './lab.ts'
import { networkConfig } from './network-config.ts'

/** What a machine of the lab is made of. */
export interface MachinePlan {
  name: string
  /** Two of one lab differ; makes its interface's addresses. */
  number: number
  /** The disk that it starts as, and leaves unchanged. */
  disk: string
  seed: Omit<Seed, 'network-config'>
  /** Its addresses, with prefix lengths; the first is spoken with. */
  addresses: readonly [string, ...string[]]
  login: { user: string; port: number; from?: string | undefined }
  /** The address that the tests' programs speak to it from, where they do not choose one. */
  spokenTo?: string | undefined
}

/** How much of a computer a machine is given. */
export type MachineSize = Omit<GuestHardware, 'accelerator'>

/** A machine of the lab: its disk stays from one start to the next. */
export interface Machine {
  readonly name: string
  /** The address that it is spoken with at, without prefix length. */
  readonly address: string
  /** Powers it on. */
  start(size: MachineSize): Promise<RunningMachine>
}

/** A machine that is powered on. */
export interface RunningMachine {
  readonly guest: Guest
  /** When it was, by `performance.now()`. */
  readonly poweredOnMs: number
  /** Waits until it lets the tests in; the first call decides. */
  shell(): Promise<GuestShell>
  /** Shuts it down as an operator would. */
  shutDown(): Promise<void>
}

/** An emulated machine that shares two processors with two others takes some minutes. */
const reachableWithinMs = 15 * 60_000
const offWithinMs = 5 * 60_000

/** Makes a machine: disk, seed and a port of the network. */
export async function addMachine(lab: Lab, plan: MachinePlan): Promise<Machine> {
  const { name, number, addresses, spokenTo } = plan
  const disk = join(lab.directory, `${name}.qcow2`)
  const seed = join(lab.directory, `${name}.iso`)
  const network = { tap: `tap${number}`, mac: `52:54:00:77:00:${number.toString(16).padStart(2, '0')}` }
  await makeOverlay(lab.qemu.image, plan.disk, disk)
  await writeSeedDisk(seed, { ...plan.seed, 'network-config': networkConfig(network.mac, addresses) })
  await lab.network.addTap(network.tap)
  const plain = addresses.map((one) => one.replace(/\/\d+$/, ''))
  for (const one of plain) await lab.network.addRoute(one, one.includes(':') ? {} : { source: spokenTo })
  const [address = ''] = plain
  return {
    name,
    address,
    start: async (size) => {
      const poweredOnMs = performance.now()
      const guest = await startGuest(lab.guard, {
        ...{ qemu: lab.qemu.system, directory: lab.directory, name, on: lab.network, network },
        hardware: { ...size, accelerator: lab.accelerator },
        disks: [
          { path: disk, format: 'qcow2' },
          { path: seed, format: 'raw', readonly: true },
        ],
      })
      return runningMachine(lab, { guest, poweredOnMs, address, login: plan.login })
    },
  }
}

function runningMachine(
  lab: Lab,
  { guest, poweredOnMs, address, login }: { guest: Guest; poweredOnMs: number; address: string; login: MachinePlan['login'] },
): RunningMachine {
  let opened: Promise<GuestShell> | undefined
  const shell = (): Promise<GuestShell> => {
    opened ??= openShell(lab.guard, guest, {
      ...{ address, ...login, keyFile: lab.key.privateKeyFile, network: lab.network, directory: lab.directory },
      ...{ withinMs: reachableWithinMs, signal: lab.signal },
    })
    return opened
  }
  return {
    guest,
    poweredOnMs,
    shell,
    shutDown: async () => {
      const { run, close } = await shell()
      // Queued, for the connection may be gone before an answer comes.
      await run(['systemctl', '--no-block', 'poweroff'])
      close()
      await guest.untilOff(offWithinMs)
    },
  }
}
