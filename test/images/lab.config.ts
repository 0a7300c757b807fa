import { defineCluster, env } from '../../config/index.ts'

/**
 * The cluster that images are baked for and tested with. Each group of the firewall has networks of both address families with
 * room for a test to speak from, apart from the machines themselves.
 */
export default defineCluster({
  name: 'lab',
  region: 'sa-east-1',
  nodes: [
    { name: 'app-1', role: 'docker', address: '10.77.0.10' },
    { name: 'db-1', role: 'primary', address: '10.77.0.11' },
    { name: 'db-2', role: 'replica', address: '10.77.0.12' },
  ],
  // Little WAL is held back for a replica, so that a test can show the limit.
  postgres: { maxSlotWal: '64 MB', walKeep: '16 MB' },
  accounts: { replication: { user: 'ballast_replication', password: env('REPLICATION_PASSWORD') } },
  databases: [{ name: 'shop', owner: 'shop_owner', extensions: ['pgcrypto'], pool: { size: 20, reserve: 5 } }],
  firewall: {
    admin: ['203.0.113.0/28', '2001:db8:7::/48'],
    app: ['10.77.0.10/32', '10.77.0.64/28', 'fd77:0:0:1::/64'],
    replica: ['10.77.0.11/32', '10.77.0.12/30', 'fd77:0:0:2::/64'],
    monitor: ['10.77.0.32/28', 'fd77:0:0:3::/64'],
    publicPorts: [80, 443],
  },
  replication: { maxSlotWal: '32 MB' },
  backup: {
    stores: [{ type: 'file', name: 'nas', directory: '/mnt/nas/ballast' }],
    schedule: [{ slot: 'daily', when: 'daily at 03:00' }],
    retention: { keep: { daily: 7 } },
  },
  images: { builders: { qemu: { cpus: 2, memory: '2 GiB', disk: '8 GiB' } } },
})
