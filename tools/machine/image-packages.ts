import type { Requirement } from './requirement.ts'

/** What baking images and booting them needs; the tests do both. */
export const imageRequirements: readonly Requirement[] = (
  [
    { package: 'packer', what: 'Packer (to judge and bake images with)', programs: ['packer'] },
    {
      ...{ package: 'qemu-system-x86', what: 'QEMU (to bake and boot images with)', programs: ['qemu-system-x86_64'] },
      backports: true,
    },
    { package: 'qemu-utils', what: 'qemu-img', programs: ['qemu-img'], backports: true },
    { package: 'mmdebstrap', what: 'mmdebstrap (to make base disks with)', programs: ['mmdebstrap'] },
    {
      package: 'debian-archive-keyring',
      what: "the keys of Debian's packages",
      programs: ['/usr/share/keyrings/debian-archive-keyring.gpg'],
    },
    { package: 'extlinux', what: 'extlinux (the boot loader of base disks)', programs: ['extlinux'] },
    { package: 'syslinux-common', what: 'boot code', programs: ['/usr/lib/syslinux/mbr/mbr.bin'] },
    { package: 'fdisk', what: 'sfdisk', programs: ['sfdisk'] },
    { package: 'e2fsprogs', what: 'mkfs.ext4', programs: ['mkfs.ext4'] },
    { package: 'genisoimage', what: 'genisoimage (to configure guests by)', programs: ['genisoimage'] },
    { package: 'iproute2', what: 'ip (to connect guests with)', programs: ['ip'] },
    { package: 'openssh-client', what: 'OpenSSH (to reach guests)', programs: ['ssh', 'ssh-keygen'] },
  ] satisfies readonly Requirement[]
).map((requirement) => ({ ...requirement, onlyFor: ['images', 'test'] }))
