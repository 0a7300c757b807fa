import type { BadDefinition } from './bad-definition.ts'

export const docker: readonly BadDefinition[] = [
  {
    changes: { 'docker.services': [{ type: 'web', name: 'web', image: 'shop:latest', hosts: ['a.example.com'], port: 80 }] },
    lines: [
      "docker.services[0].image: must be an image with a tag or digest other than latest; write e.g. 'registry.example.com/shop:1.4.2'",
    ],
  },
  {
    changes: { 'docker.services': [{ type: 'cron', name: 'web', image: 'shop:1' }] },
    lines: ["docker.services[0].type: 'cron' is unknown; use one of web, websocket, worker, scheduler, redis, pgadmin"],
  },
  {
    changes: {
      'docker.services': [
        { type: 'worker', name: 'w', image: 'shop:1' },
        { type: 'scheduler', name: 'w', image: 'shop:1' },
      ],
    },
    lines: ["docker.services[1].name: 'w' is also docker.services[0].name; give every service its own name"],
  },
  {
    changes: {
      'docker.services': [
        { type: 'redis', name: 'r', image: 'redis:8' },
        { type: 'redis', name: 'r2', image: 'redis:8' },
      ],
    },
    lines: ["docker.services[1].type: 'redis' is also docker.services[0].type; keep one Redis"],
  },
  {
    changes: {
      'docker.services': [
        { type: 'web', name: 'a', image: 'shop:1', hosts: ['a.example.com'], port: 80 },
        { type: 'web', name: 'b', image: 'shop:1', hosts: ['a.example.com'], port: 80 },
      ],
    },
    lines: ["docker.services[1].hosts[0]: 'a.example.com' is also docker.services[0].hosts[0]; send every host to one service"],
  },
  {
    changes: {
      'docker.services': [{ type: 'worker', name: 'w', image: 'shop:1' }],
      'nodes[0]': { name: 'db-3', role: 'replica', address: '10.0.0.13' },
      'firewall.replica': ['10.0.0.11/32', '10.0.0.12/31'],
    },
    lines: ["docker.services: has services, but no node runs them; add a node with role: 'docker'"],
  },
  {
    changes: {
      'docker.services': [
        { type: 'web', name: 'a', image: 'shop:1', hosts: ['a.example.com'], port: 80, health: ['x'], healthPath: '/up' },
      ],
    },
    lines: ['docker.services[0].health: and healthPath are two health checks; keep one of them'],
  },
  {
    changes: {
      'docker.services': [{ type: 'web', name: 'a', image: 'shop:1', hosts: ['*.example.com'], port: 80 }],
      'docker.acme': { email: 'a@example.com' },
    },
    lines: [
      "docker.acme.challenge: the http challenge gives no certificate for *.example.com; write challenge: 'dns' and a dnsProvider",
    ],
  },
  {
    changes: { 'docker.acme': { email: 'a@example.com', challenge: 'dns' } },
    lines: ["docker.acme.dnsProvider: is required for the dns challenge; add e.g. dnsProvider: 'route53'"],
  },
  {
    changes: {
      'docker.services': [{ type: 'web', name: 'a', image: 'shop:1', hosts: ['a.example.com'], port: 80 }],
      'firewall.publicPorts': [80],
    },
    lines: ['firewall.publicPorts: lacks 443, but services have hosts; add 443'],
  },
  {
    changes: { 'docker.acme': { email: 'a@example.com' }, 'firewall.publicPorts': [443] },
    lines: ["firewall.publicPorts: lacks 80, which the http challenge needs; add 80, or write docker.acme.challenge: 'dns'"],
  },
  {
    changes: { 'docker.services': [{ type: 'worker', name: 'traefik', image: 'shop:1' }] },
    lines: ["docker.services[0].name: 'traefik' is the proxy's own; give the service another name"],
  },
  {
    changes: { 'docker.traefik': 'traefik' },
    lines: ["docker.traefik: must be an image with a tag or digest other than latest; write e.g. 'traefik:3.5.3'"],
  },
  {
    changes: { 'docker.environments': ['production', 'production'] },
    lines: ["docker.environments[1]: 'production' is also docker.environments[0]; name every environment once"],
  },
  { changes: { 'docker.packages': 'docker-ce' }, lines: ["docker.packages: 'docker-ce' is unknown; did you mean docker?"] },
  {
    changes: { 'docker.services': [{ type: 'worker', name: 'w', image: 'shop:1', environment: { A: 'one\nB=two' } }] },
    lines: ["docker.services[0].environment.A: must be one line of text, a number, true or false; write e.g. 'value'"],
  },
  {
    changes: {
      'docker.services': [
        { type: 'web', name: 'web', image: 'shop:1', hosts: ['shop.example.com', '*.shop.example.com'], port: 3000 },
        { type: 'web', name: 'next', image: 'shop:2', hosts: ['staging.shop.example.com'], port: 3000 },
      ],
      'docker.acme': { email: 'ops@example.com', challenge: 'dns', dnsProvider: 'route53' },
    },
    lines: [
      "docker.services[1].hosts[0]: 'staging.shop.example.com' is what a host of this definition is called in staging; remove it, or staging from docker.environments",
    ],
  },
]
