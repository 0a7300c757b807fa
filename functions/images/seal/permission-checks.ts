import type { TreeEntry } from '../tree/walk-tree.ts'
import type { SealCheck } from './seal-check.ts'

/** Programs that run with another's rights, as Debian and Ubuntu ship them. A new one is decided on, not overlooked. */
const setId = new Set([
  '/usr/bin/chage',
  '/usr/bin/chfn',
  '/usr/bin/chsh',
  '/usr/bin/expiry',
  '/usr/bin/fusermount3',
  '/usr/bin/gpasswd',
  '/usr/bin/mount',
  '/usr/bin/newgrp',
  '/usr/bin/passwd',
  '/usr/bin/ssh-agent',
  '/usr/bin/su',
  '/usr/bin/sudo',
  '/usr/bin/umount',
  '/usr/lib/dbus-1.0/dbus-daemon-launch-helper',
  '/usr/lib/openssh/ssh-keysign',
  '/usr/lib/polkit-1/polkit-agent-helper-1',
  '/usr/sbin/pam_extrausers_chkpwd',
  '/usr/sbin/unix_chkpwd',
])
const setIdBits = 0o6000
const sticky = 0o1000
const othersWrite = 0o002

/** What everybody on the machine could do. */
export const permissionChecks: readonly SealCheck[] = [
  {
    name: 'set-id-programs',
    fix: 'Remove the bit or the program; if it has to be, add it to the list in the check.',
    concerns: ({ kind, mode }) => kind === 'file' && (mode & setIdBits) !== 0,
    entry: ({ path, mode }) => (setId.has(path) ? undefined : `runs with another's rights (mode ${octal(mode)})`),
  },
  {
    name: 'world-writable',
    fix: 'Take the right to write from others (`chmod o-w`), or set the sticky bit of a shared directory.',
    concerns: ({ kind }) => kind === 'file' || kind === 'directory',
    entry: (entry) => (everybodyWrites(entry) ? `everybody may write to it (mode ${octal(entry.mode)})` : undefined),
  },
]

function everybodyWrites({ kind, mode }: TreeEntry): boolean {
  return (mode & othersWrite) !== 0 && !(kind === 'directory' && (mode & sticky) !== 0)
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
