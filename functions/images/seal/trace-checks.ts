import { absent, type SealCheck } from './seal-check.ts'

/** What happened on the baking machine. */
export const traceChecks: readonly SealCheck[] = [
  absent(
    'shell-histories',
    /^\/(root|home\/[^/]+|var\/lib\/[^/]+)\/\.([a-z_]*_?history|lesshst|viminfo|wget-hsts|selected_editor)$/,
    'Remove it.',
  ),
  absent('package-lists', /^\/var\/lib\/apt\/lists\/(?!lock$)/, 'Empty /var/lib/apt/lists: they are old when the image boots.'),
  absent('package-cache', /^\/var\/cache\/apt\/.*\.(deb|bin)$/, 'Run `apt-get clean`.'),
  absent('journal', /^\/var\/log\/journal\/.+/, 'Empty /var/log/journal, and log to memory until the machine is off.', [
    'file',
    'link',
    'directory',
  ]),
  {
    name: 'logs',
    fix: 'Remove it: the directories of logs stay, their files do not.',
    concerns: ({ path, kind }) => kind === 'file' && path.startsWith('/var/log/'),
    entry: ({ bytes }) => (bytes === 0 ? undefined : `holds ${bytes} bytes`),
  },
  absent('temporary-files', /^\/(tmp|var\/tmp)\/.+/, 'Empty /tmp and /var/tmp.', ['file', 'link', 'directory', 'other']),
  absent(
    'core-dumps',
    /^\/(var\/crash|var\/lib\/systemd\/coredump)\/.+|^\/(?!usr\/)(.*\/)?core(\.\d+)?$/,
    'Remove it: it holds memory.',
    ['file'],
  ),
  absent('mail', /^\/var\/(spool\/)?mail\/.+/, 'Remove it.'),
  absent(
    'timer-stamps',
    /^\/var\/lib\/(systemd\/timers\/|apt\/periodic\/|unattended-upgrades\/).+/,
    'Remove it: a timer that was missed while the image lay about would run in the middle of the first boot.',
  ),
  absent('account-backups', /^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)-$/, 'Remove it: it holds older passwords.'),
]
