import type { Seed } from '../../platform/qemu/seed-disk.ts'

/** The seed that lets root in with the bake's own key, and makes no key for others that nobody asks for. */
export function bakeSeed(publicKey: string): Seed {
  const config = {
    disable_root: false,
    ssh_pwauth: false,
    ssh_genkeytypes: ['ed25519'],
    users: [{ name: 'root', lock_passwd: false, ssh_authorized_keys: [publicKey.trim()] }],
  }
  return {
    'user-data': `#cloud-config\n${JSON.stringify(config, undefined, 1)}\n`,
    'meta-data': `${JSON.stringify({ 'instance-id': 'ballast-bake', 'local-hostname': 'bake' })}\n`,
  }
}
