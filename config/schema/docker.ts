import { integer, optional, preset, text } from './leaf.ts'
import { bytes, cidr, seconds } from './quantity.ts'
import { settingOrSecret } from './secret-fields.ts'
import { list, mapOf, oneOf, section, typeTag, variant } from './section.ts'
import { containerImage, email, hostName, slug } from './texts.ts'

const shared = {
  name: slug('web'),
  image: containerImage('registry.example.com/shop:1.4.2'),
  /** Program and arguments; the image's own where it is left out. */
  command: optional(
    list(text({ example: 'bin/worker', is: 'one argument', matches: (raw) => raw !== '' && !/\p{Cc}/u.test(raw) }), { min: 1 }),
  ),
  /** Plain values, or references for what is secret; both end in the environment's `.env` file of mode 600. */
  environment: preset(mapOf(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable', settingOrSecret()), {}),
  memory: optional(bytes('512 MB', { min: '6 MB' })),
  /** Run inside the container; exit 0 is healthy. */
  health: optional(
    list(text({ example: 'bin/healthy', is: 'one argument', matches: (raw) => raw !== '' && !/\p{Cc}/u.test(raw) }), {
      min: 1,
    }),
  ),
}

const served = {
  ...shared,
  /** Names that Traefik sends here; a wildcard needs a DNS challenge. */
  hosts: list(hostName('app.example.com'), { min: 1, example: "'app.example.com'" }),
  /** Port inside the container. */
  port: integer(1, 65_535, 3000),
  /** Asked over HTTP in place of `health`. */
  healthPath: optional(text({ example: '/up', is: 'a path that starts with /', matches: (raw) => /^\/[\w./~-]*$/.test(raw) })),
  replicas: preset(integer(1, 100, 1), 1),
}

const service = variant(
  ['web', 'websocket', 'worker', 'scheduler', 'redis', 'pgadmin'],
  section({ type: typeTag('web'), ...served }),
  section({ type: typeTag('websocket'), ...served }),
  section({ type: typeTag('worker'), ...shared, replicas: preset(integer(1, 100, 1), 1) }),
  section({ type: typeTag('scheduler'), ...shared }),
  section({ type: typeTag('redis'), ...shared }),
  section({ type: typeTag('pgadmin'), ...served }),
)

const acme = section({
  email: email('ops@example.com'),
  /** `http` needs port 80; `dns` is needed for wildcard hosts. */
  challenge: preset(oneOf('http', 'dns'), 'http'),
  /** Traefik's name of the DNS provider. */
  dnsProvider: optional(slug('route53')),
  /** Credentials of the DNS provider, by the variables that Traefik reads. */
  environment: preset(mapOf(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable', settingOrSecret()), {}),
})

const logs = section({
  maxSize: preset(bytes('10 MB'), '10 MB'),
  files: preset(integer(1, 100, 5), 5),
})

/** The docker node: the engine and the application's stack on it. */
export const docker = section({
  packages: preset(oneOf('distribution', 'docker'), 'distribution'),
  /** One directory and one `.env` file each. */
  environments: preset(list(oneOf('production', 'staging'), { min: 1, example: "'production'" }), ['production', 'staging']),
  traefik: preset(containerImage('traefik:3.5.3'), 'traefik:3.5.3'),
  /** Automatic certificates; none where it is left out. */
  acme: optional(acme),
  services: preset(list(service), []),
  logs: preset(logs, {}),
  /** Networks that Docker takes its bridges from. */
  addressPool: preset(cidr('172.30.0.0/16'), '172.30.0.0/16'),
  /** Images of earlier releases kept for a rollback. */
  keepReleases: preset(integer(1, 50, 5), 5),
  /** How long a container has to stop. */
  stopTimeout: preset(seconds('30 s'), '30 s'),
})
