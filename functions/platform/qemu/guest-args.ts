/** How a guest's processor is provided: by the host's own, or emulated. */
export type Accelerator = 'kvm' | 'tcg'

/** What a guest is given. */
export interface GuestHardware {
  cpus: number
  memoryMib: number
  accelerator: Accelerator
}

/** A disk of a guest; all are virtio. */
export interface GuestDisk {
  path: string
  format: 'qcow2' | 'raw'
  /** Writes are refused. */
  readonly?: boolean
  /** Writes go to a temporary file that is gone with the guest. */
  snapshot?: boolean
}

/** Everything that QEMU's command line is made of. */
export interface GuestPlan {
  name: string
  hardware: GuestHardware
  disks: readonly GuestDisk[]
  /** Its interface to a bridge; without one it has no network. */
  network?: { tap: string; mac: string }
  /** File that takes what the guest writes to its console. */
  serialLog: string
}

/**
 * QEMU's arguments. The accelerator is always named: left to itself QEMU takes KVM wherever /dev/kvm opens, which says
 * nothing about whether guests run. Disks are cached without any flush: no guest of ours outlives its host.
 */
export function guestArgs({ name, hardware, disks, network, serialLog }: GuestPlan): string[] {
  const { cpus, memoryMib, accelerator } = hardware
  return [
    ...['-name', quoted(name), '-no-user-config', '-machine', 'pc', '-accel', acceleration[accelerator]],
    ...['-cpu', accelerator === 'kvm' ? 'host' : 'max', '-smp', String(cpus), '-m', String(memoryMib)],
    ...['-display', 'none', '-monitor', 'none', '-serial', `file:${serialLog}`, '-device', 'virtio-rng-pci'],
    ...disks.flatMap((disk) => ['-drive', driveOf(disk)]),
    ...(network === undefined ? ['-nic', 'none'] : interfaceOf(network)),
  ]
}

const acceleration = { kvm: 'kvm', tcg: 'tcg,thread=multi' }

function driveOf({ path, format, readonly, snapshot }: GuestDisk): string {
  const options = ['if=virtio', `format=${format}`, 'cache=unsafe', 'discard=unmap', `file=${quoted(path)}`]
  if (readonly) options.push('readonly=on')
  if (snapshot) options.push('snapshot=on')
  return options.join(',')
}

function interfaceOf({ tap, mac }: { tap: string; mac: string }): string[] {
  const backend = `tap,id=net0,ifname=${tap},script=no,downscript=no`
  return ['-netdev', backend, '-device', `virtio-net-pci,netdev=net0,mac=${mac}`]
}

/** A comma ends an option of QEMU's unless it is doubled. */
function quoted(value: string): string {
  return value.replaceAll(',', ',,')
}
