import { createHash } from 'node:crypto'
import type { Mirror } from './debian-mirror.ts'

/** Everything that a base disk follows from. Equal recipes make equal disks, but for the packages' updates. */
export interface BaseRecipe {
  suite: string
  mirror: Mirror
  packages: readonly string[]
  /** Size that the guest sees. */
  diskBytes: number
  /** Files that are there before the packages are configured: absolute path and content. */
  files: Readonly<Record<string, string>>
}

/** What makes a tree of packages a machine that boots by itself and is configured by cloud-init. */
const machinePackages = [
  ...['linux-image-cloud-amd64', 'initramfs-tools', 'systemd-sysv', 'dbus', 'udev', 'kmod', 'e2fsprogs', 'zstd'],
  ...['cloud-init', 'cloud-guest-utils', 'netplan.io', 'systemd-resolved', 'iproute2', 'iputils-ping'],
  ...['openssh-server', 'sudo', 'ca-certificates', 'procps', 'less'],
]

/** What dpkg leaves out, now and at every update: a tenth of the disk, and nobody reads it on a server. */
const leftOut = [
  ...['man', 'locale', 'doc', 'info', 'lintian'].map((kind) => `path-exclude=/usr/share/${kind}/*`),
  'path-include=/usr/share/doc/*/copyright',
]

/** Debian's kernel packages keep both links on the newest kernel, so that an update of it changes nothing here. */
const bootLoader = [
  'SERIAL 0 115200',
  'DEFAULT linux',
  'LABEL linux',
  '  LINUX /vmlinuz',
  '  INITRD /initrd.img',
  '  APPEND root=LABEL=root ro console=tty0 console=ttyS0,115200 net.ifnames=0 quiet',
]

const files: BaseRecipe['files'] = {
  '/boot/extlinux/extlinux.conf': lines(bootLoader),
  '/etc/cloud/cloud.cfg.d/10-ballast-datasource.cfg': 'datasource_list: [NoCloud, None]\n',
  '/etc/dpkg/dpkg.cfg.d/ballast': lines(leftOut),
  '/etc/fstab': 'LABEL=root / ext4 errors=remount-ro 0 1\n',
  // Half the initrd: what disks and network cards of virtual machines need, and nothing else.
  '/etc/initramfs-tools/conf.d/ballast': 'MODULES=list\n',
  '/etc/initramfs-tools/modules': lines([
    'virtio_pci',
    'virtio_blk',
    'virtio_scsi',
    'sd_mod',
    'ext4',
    'virtio_net',
    'virtio_rng',
  ]),
  // The first boot makes the cluster, with checksums and an identity of its own.
  '/etc/postgresql-common/createcluster.d/ballast.conf': 'create_main_cluster = false\n',
}

/** The recipe of a Debian 13 that has these packages too. */
export function debianRecipe(mirror: Mirror, packages: readonly string[], diskBytes: number): BaseRecipe {
  return { suite: 'trixie', mirror, packages: [...new Set([...machinePackages, ...packages])].sort(), diskBytes, files }
}

/** Names a recipe by its content: 16 hex digits. */
export function recipeKey(recipe: BaseRecipe): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16)
}

/** Arguments of mmdebstrap that make the recipe's tree in the directory `target`; `overlay` holds the recipe's files. */
export function debstrapArgs({ suite, mirror, packages }: BaseRecipe, overlay: string, target: string): string[] {
  return [
    ...['--quiet', '--mode=root', '--variant=minbase', '--architectures=amd64', '--format=directory'],
    ...leftOut.map((line) => `--dpkgopt=${line}`),
    '--aptopt=Acquire::Languages "none"',
    `--include=${packages.join(',')}`,
    `--essential-hook=sync-in ${overlay} /`,
    ...[suite, target],
    `deb ${mirror.archive} ${suite} main`,
    `deb ${mirror.archive} ${suite}-updates main`,
    `deb ${mirror.security} ${suite}-security main`,
  ]
}

function lines(of: readonly string[]): string {
  return of.map((line) => `${line}\n`).join('')
}
