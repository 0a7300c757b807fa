// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { Cluster } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import { imageTags } from '../tags.ts'
import { text, type Variables } from '../variables.ts'
import type { Builder } from './builder.ts'

const MIB = 1024 * 1024

/** A machine on this host, reached through a port of the loopback address alone. */
export const qemu: Builder = {
  name: 'qemu',
  plugin: { name: 'qemu', source: 'github.com/hashicorp/qemu', version: '1.1.4' },
  parts: (cluster, role) => ({
    variables: variables(cluster),
    source: source(cluster, `${role}.qcow2`),
    tags: imageTags(cluster, role, '${var.base_checksum}'),
    root: true,
    output: '${var.output_directory}',
  }),
}

function variables({ images: { builders } }: Cluster): Variables {
  const { baseImage, checksum, accelerator } = builders.qemu
  return {
    base_image: text('Disk to start from, in qcow2.', baseImage),
    base_checksum: text('Its SHA-256: sha256: and 64 hex digits.', checksum),
    seed_image: text("Seed of cloud-init (NoCloud) that lets root in with the build's key."),
    ssh_private_key_file: text("The build's own SSH key."),
    output_directory: text('Where the image is left; it must not exist.'),
    accelerator: text(
      'kvm or tcg. A /dev/kvm that opens may still hang, so it is never left to a guess.',
      accelerator === 'auto' ? undefined : accelerator,
    ),
    qemu_binary: text('Program that runs the machine.', 'qemu-system-x86_64'),
    serial: text("Where the machine's console goes, as QEMU's -serial has it.", 'null'),
  }
}

function source({ images: { builders } }: Cluster, name: string): JsonObject {
  const { cpus, memoryBytes, diskBytes } = builders.qemu
  return {
    accelerator: '${var.accelerator}',
    qemu_binary: '${var.qemu_binary}',
    machine_type: 'pc',
    cpus,
    memory: Math.floor(memoryBytes / MIB),
    iso_url: '${var.base_image}',
    iso_checksum: '${var.base_checksum}',
    disk_image: true,
    use_backing_file: false,
    disk_size: `${Math.floor(diskBytes / MIB)}M`,
    format: 'qcow2',
    // The bake compresses with zstd itself, which takes a quarter of the time.
    disk_compression: false,
    disk_interface: 'virtio',
    net_device: 'virtio-net',
    headless: true,
    vnc_bind_address: '127.0.0.1',
    boot_wait: '1s',
    communicator: 'ssh',
    ssh_username: 'root',
    ssh_private_key_file: '${var.ssh_private_key_file}',
    ssh_timeout: '15m',
    output_directory: '${var.output_directory}',
    vm_name: name,
    shutdown_command: 'systemctl poweroff',
    shutdown_timeout: '5m',
    qemuargs: qemuArguments(),
  }
}

/**
 * One -device or -drive replaces all that the builder would give, so each is spelt out. Both drives are virtio: kernels for
 * clouds do not see the CD-ROM that a seed is by default. The builder would forward SSH from every address of this host.
 */
function qemuArguments(): readonly (readonly string[])[] {
  return [
    ['-cpu', 'max'],
    ['-netdev', 'user,id=user.0,hostfwd=tcp:127.0.0.1:{{ .SSHHostPort }}-:22'],
    ['-device', 'virtio-net,netdev=user.0'],
    ['-device', 'virtio-rng-pci'],
    ['-drive', 'file={{ .OutputDir }}/{{ .Name }},if=virtio,cache=unsafe,discard=unmap,detect-zeroes=unmap,format=qcow2'],
    ['-drive', 'file=${var.seed_image},if=virtio,format=raw,readonly=on'],
    ['-serial', '${var.serial}'],
  ]
}
