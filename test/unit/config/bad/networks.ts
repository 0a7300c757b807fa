import type { BadDefinition } from './bad-definition.ts'

export const networks: readonly BadDefinition[] = [
  { changes: { 'firewall.admin': [] }, lines: ["firewall.admin: must not be empty; add e.g. '203.0.113.7/32'"] },
  {
    changes: { 'firewall.admin': ['0.0.0.0/0'] },
    lines: ['firewall.admin[0]: 0.0.0.0/0 is a large part of the Internet; name the networks of admin only'],
  },
  {
    changes: { 'firewall.admin': ['::/0'] },
    lines: ['firewall.admin[0]: ::/0 is a large part of the Internet; name the networks of admin only'],
  },
  {
    changes: { 'firewall.admin': ['203.0.113.7/24'] },
    lines: [
      "firewall.admin[0]: '203.0.113.7/24' has host bits set; write the network's first address, or 203.0.113.7/32 for this host alone",
    ],
  },
  {
    changes: { 'firewall.admin': ['203.0.113.7'] },
    lines: [
      "firewall.admin[0]: '203.0.113.7' is not a network; write a network, e.g. '10.0.0.0/24', or one host as '10.0.0.5/32'",
    ],
  },
  {
    changes: { 'firewall.admin': ['203.0.113.7/33'] },
    lines: [
      "firewall.admin[0]: '203.0.113.7/33' is not a network; write a network, e.g. '10.0.0.0/24', or one host as '10.0.0.5/32'",
    ],
  },
  {
    changes: { 'firewall.app': ['10.0.0.10/32', '10.0.0.8/29'] },
    lines: [
      'firewall.app[1]: 10.0.0.8/29 overlaps firewall.app[0] 10.0.0.10/32; make them apart, or the same network in both lists',
      'firewall.replica[0]: 10.0.0.11/32 overlaps firewall.app[1] 10.0.0.8/29; make them apart, or the same network in both lists',
      'firewall.replica[1]: 10.0.0.12/32 overlaps firewall.app[1] 10.0.0.8/29; make them apart, or the same network in both lists',
    ],
  },
  {
    changes: { 'firewall.monitor': ['10.0.0.0/24'] },
    lines: [
      'firewall.monitor[0]: 10.0.0.0/24 overlaps firewall.app[0] 10.0.0.10/32; make them apart, or the same network in both lists',
      'firewall.monitor[0]: 10.0.0.0/24 overlaps firewall.replica[0] 10.0.0.11/32; make them apart, or the same network in both lists',
      'firewall.monitor[0]: 10.0.0.0/24 overlaps firewall.replica[1] 10.0.0.12/32; make them apart, or the same network in both lists',
    ],
  },
  {
    changes: { 'firewall.app': ['10.0.0.20/32'] },
    lines: [
      "nodes[0].address: 10.0.0.10 is in no network of firewall.app, so the other nodes would refuse it; add '10.0.0.10/32' to firewall.app",
    ],
  },
  {
    changes: { 'firewall.replica': ['10.0.0.11/32'] },
    lines: [
      "nodes[2].address: 10.0.0.12 is in no network of firewall.replica, so the other nodes would refuse it; add '10.0.0.12/32' to firewall.replica",
    ],
  },
  {
    changes: { 'docker.addressPool': '10.0.0.0/16' },
    lines: [
      "docker.addressPool: 10.0.0.0/16 overlaps the address of node 'app-1', which containers could then not reach; use a private network of its own",
    ],
  },
  {
    changes: { 'firewall.publicPorts': [80, 5432] },
    lines: ['firewall.publicPorts[1]: port 5432 must never be open to the world; remove it'],
  },
  {
    changes: { 'firewall.publicPorts': [443, 443] },
    lines: ["firewall.publicPorts[1]: '443' is also firewall.publicPorts[0]; name every port once"],
  },
  {
    changes: { 'firewall.publicPorts': [70000] },
    lines: ['firewall.publicPorts[0]: must be a whole number from 1 to 65535; write e.g. 443'],
  },
  {
    changes: { 'firewall.admin': ['2001:db8::1/64'] },
    lines: [
      "firewall.admin[0]: '2001:db8::1/64' has host bits set; write the network's first address, or 2001:db8::1/128 for this host alone",
    ],
  },
  {
    changes: { 'firewall.admin': ['0.0.0.0/1', '128.0.0.0/1'] },
    lines: [
      'firewall.admin[0]: 0.0.0.0/1 is a large part of the Internet; name the networks of admin only',
      'firewall.admin[1]: 128.0.0.0/1 is a large part of the Internet; name the networks of admin only',
    ],
  },
  {
    changes: { 'firewall.admin': '203.0.113.7/32' },
    lines: ["firewall.admin: must be a list, not text; write e.g. ['203.0.113.7/32']"],
  },
  {
    changes: { 'firewall.admin': ['2001:db8::/32'], 'firewall.monitor': ['2001:db8:1::/48'] },
    lines: [
      'firewall.monitor[0]: 2001:db8:1::/48 overlaps firewall.admin[0] 2001:db8::/32; make them apart, or the same network in both lists',
    ],
  },
  {
    changes: { 'firewall.monitor': ['169.254.0.0/16'] },
    lines: [
      'firewall.monitor[0]: 169.254.0.0/16 is link-local or multicast, which no machine is known by; name the network by which the machines reach each other',
    ],
  },
  {
    changes: { 'firewall.admin': ['fe80::/64'] },
    lines: [
      'firewall.admin[0]: fe80::/64 is link-local or multicast, which no machine is known by; name the network by which the machines reach each other',
    ],
  },
  {
    changes: { 'nodes[1].address': '224.0.0.1', 'firewall.replica': ['10.0.0.11/32', '10.0.0.12/32', '224.0.0.1/32'] },
    lines: [
      'firewall.replica[2]: 224.0.0.1/32 is link-local or multicast, which no machine is known by; name the network by which the machines reach each other',
      'nodes[1].address: 224.0.0.1 is link-local or multicast, which no machine is reached by; write the private address',
    ],
  },
  {
    changes: { 'docker.addressPool': '198.51.100.0/22' },
    lines: ["docker.addressPool: 198.51.100.0/22 is not a private IPv4 network; write e.g. '172.30.0.0/16'"],
  },
  {
    changes: { 'docker.addressPool': 'fd00::/64' },
    lines: ["docker.addressPool: fd00::/64 is not a private IPv4 network; write e.g. '172.30.0.0/16'"],
  },
  {
    changes: { 'docker.addressPool': '172.30.0.0/24' },
    lines: ['docker.addressPool: 172.30.0.0/24 is too small for the networks of the stacks; write a prefix of at most /22'],
  },
]
