import { absent, content, type SealCheck } from './seal-check.ts'

/** What the cloud, or the seed of the bake, told the baking machine, and what the bake's tools left on it. */
export const cloudChecks: readonly SealCheck[] = [
  absent('cloud-init-state', /^\/var\/lib\/cloud\/.+/, 'Run `cloud-init clean --logs --seed` and empty /var/lib/cloud.', [
    'file',
    'link',
    'directory',
  ]),
  absent('cloud-init-logs', /^\/var\/log\/cloud-init/, 'Run `cloud-init clean --logs`.'),
  absent(
    'cloud-init-network',
    /^\/etc\/(netplan\/[^/]*cloud-init|network\/interfaces\.d\/[^/]*cloud-init|systemd\/network\/[^/]*cloud-init)/,
    'Remove it: the first boot writes it for its own network.',
  ),
  absent(
    'cloud-init-access',
    /^\/etc\/(sudoers\.d|ssh\/sshd_config\.d)\/[^/]*cloud-init/,
    'Remove it: the first boot writes it for its own users.',
  ),
  absent(
    'dhcp-leases',
    /^\/var\/lib\/(dhcp|dhcpcd|dhclient|NetworkManager|systemd\/network)\/(.*lease|.*\.lease.*|internal-.*)/,
    'Remove it: every machine would ask for the same address.',
  ),
  absent('packer-leftovers', /^\/(.*\/)?(packer[-_.][^/]*|script_\d+\.sh|\.vbox_version)$/, 'Remove what the bake uploaded.', [
    'file',
    'link',
    'directory',
  ]),
  content(
    'build-accounts',
    /^\/etc\/passwd$/,
    (text) => {
      const [, name] = /^(packer|vagrant):/m.exec(text) ?? []
      return name === undefined ? undefined : `has the account '${name}'`
    },
    'Delete the account that the bake logged in with.',
  ),
]
