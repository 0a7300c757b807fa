import type { TreeEntry } from '../tree/walk-tree.ts'
import { absent, content, type SealCheck } from './seal-check.ts'

const machineId: SealCheck = {
  name: 'machine-id',
  fix: 'Leave /etc/machine-id empty: without it, or with another word in it, a boot is not the one that the image was tested with.',
  needs: '/etc/machine-id',
  concerns: ({ path }) => path === '/etc/machine-id',
  entry: (entry) => blankFile(entry),
}

const dbusMachineId: SealCheck = {
  name: 'dbus-machine-id',
  fix: 'Make /var/lib/dbus/machine-id a link to /etc/machine-id.',
  concerns: ({ path }) => path === '/var/lib/dbus/machine-id',
  entry: (entry) => (entry.target === '/etc/machine-id' ? undefined : blankFile(entry)),
}

function blankFile({ kind, bytes }: TreeEntry): string | undefined {
  if (kind !== 'file') return `is a ${kind}`
  return bytes === 0 ? undefined : `holds ${bytes} bytes`
}

/** Who a machine is: every one that boots from the image would be the same. */
export const identityChecks: readonly SealCheck[] = [
  absent('ssh-host-keys', /^\/etc\/ssh\/ssh_host_/, 'Remove them: the first boot makes its own.'),
  machineId,
  dbusMachineId,
  absent(
    'random-seed',
    /^\/(var\/lib\/(systemd|urandom)\/random-seed|(boot|efi)\/(.*\/)?loader\/random-seed)$/,
    'Remove it, and keep systemd-random-seed.service from writing it at shutdown.',
  ),
  absent(
    'systemd-credential-secret',
    /^\/var\/lib\/systemd\/credential\.secret$/,
    'Remove it: systemd makes one when it needs it.',
  ),
  content('hostname', /^\/etc\/hostname$/, strangeHostName, "Write 'localhost' into it: the cloud or the seed gives the name."),
  content('hosts', /^\/etc\/hosts$/, strangeHosts, 'Leave the names of loopback and of multicast alone in it.'),
  absent(
    'device-names',
    /^\/etc\/(udev\/rules\.d\/[^/]*persistent|systemd\/network\/[^/]+\.link)/,
    "Remove it: it ties names to the baking machine's devices.",
  ),
  absent(
    'storage-initiator',
    /^\/etc\/(iscsi\/initiatorname\.iscsi|nvme\/host(id|nqn))$/,
    'Remove it: two initiators of one name corrupt what they share.',
  ),
  absent(
    'application-ids',
    /^\/(var\/lib\/NetworkManager\/secret_key|var\/lib\/(ubuntu-advantage|landscape)\/.+|etc\/popularity-contest\.conf|var\/lib\/docker\/engine-id)$/,
    'Remove it: the application makes its own.',
  ),
]

function strangeHostName(text: string): string | undefined {
  const name = text.trim()
  return ['', 'localhost'].includes(name) ? undefined : `says '${name}'`
}

function strangeHosts(text: string): string | undefined {
  const names = text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1))
  const strange = names.find((name) => !/^(localhost(\.localdomain)?|ip6-[a-z]+)$/.test(name))
  return strange === undefined ? undefined : `names '${strange}'`
}
