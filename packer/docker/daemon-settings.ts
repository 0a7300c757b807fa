import type { Cluster } from '../../config/index.ts'

/** Bits of the address that number the networks of a pool: 256 of them in a `/16`. */
const NETWORK_BITS = 8
/** The smallest network that is worth having: 13 containers. */
const LONGEST_PREFIX = 28

/** Docker's settings. A port that is published without an address is published to this machine alone. */
export function daemonSettings({ docker }: Cluster): object {
  const { addressPool, logs, packages } = docker
  return {
    'default-address-pools': [
      { base: addressPool.text, size: Math.min(addressPool.prefixLength + NETWORK_BITS, LONGEST_PREFIX) },
    ],
    // `ip` is for Docker's first network alone; all others take it from their driver's options.
    'default-network-opts': { bridge: { 'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1' } },
    ip: '127.0.0.1',
    // Docker 27 counts it as stable and switches it on by itself.
    ...(packages === 'distribution' ? { experimental: true } : {}),
    ip6tables: true,
    'live-restore': true,
    'log-driver': 'json-file',
    'log-opts': { 'max-size': String(logs.maxSizeBytes), 'max-file': String(logs.files) },
    'no-new-privileges': true,
    'userland-proxy': false,
  }
}
