import { integer, optional, preset, text } from './leaf.ts'
import { bytes, seconds } from './quantity.ts'
import { list, oneOf, section } from './section.ts'
import { ownDirectory, systemUser } from './texts.ts'

const id = (prefix: string) =>
  text({
    example: `${prefix}-0123456789abcdef0`,
    is: `an id that starts with ${prefix}-`,
    matches: (raw) => raw.startsWith(`${prefix}-`) && /^[a-z]+-[0-9a-f]{8,17}$/.test(raw),
  })

const endpoints = section({
  network: id('vpc'),
  /** Of the subnets: they get a route to S3. */
  routeTables: list(id('rtb'), { min: 1, example: "'rtb-0123456789abcdef0'" }),
})

const vpc = section({
  subnets: list(id('subnet'), { min: 1, example: "'subnet-0123456789abcdef0'" }),
  securityGroups: list(id('sg'), { min: 1, example: "'sg-0123456789abcdef0'" }),
  /** Makes ways to S3 and to the secrets; left out where the network has them, or a NAT gateway. */
  endpoints: optional(endpoints),
})

const lambda = section({
  /** The network of the database nodes. */
  vpc: optional(vpc),
  architecture: preset(oneOf('arm64', 'x86_64'), 'arm64'),
  /** Of the backup, verify and copies functions; the others take 256 MiB. */
  memory: preset(bytes('2048 MiB', { min: '512 MiB', max: '10 GiB' }), '2048 MiB'),
  /** Scratch space of verification. */
  storage: preset(bytes('10 GiB', { min: '512 MiB', max: '10 GiB' }), '10 GiB'),
  logRetention: preset(seconds('90 days', { min: '1 day' }), '90 days'),
  /** Key for logs, topics and the secrets; one is made where it is left out. */
  kmsKey: optional(
    text({
      example: 'arn:aws:kms:sa-east-1:123456789012:key/00000000-0000-0000-0000-000000000000',
      is: 'the ARN of a KMS key',
      matches: (raw) => /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(raw),
    }),
  ),
})

const timers = section({
  /** System user of the services. */
  user: preset(systemUser('ballast'), 'ballast'),
  /** Scratch space and caches. */
  stateDirectory: preset(ownDirectory('/var/lib/ballast'), '/var/lib/ballast'),
  /** Runs are spread over this time. */
  jitter: preset(seconds('2 min', { min: '0 s' }), '2 min'),
  /** Of one service, in percent of one CPU. */
  cpuPercent: preset(integer(10, 10_000, 200), 200),
  maxMemory: preset(bytes('1 GiB', { min: '256 MB' }), '1 GiB'),
})

/** Where the operations run: `lambda` by serverless.yml, `timers` by systemd on a VM. Both read the same schedules. */
export const runtime = section({
  lambda: preset(lambda, {}),
  timers: preset(timers, {}),
})
