/** Where the store of a definition is: S3 of Amazon, or one that is reached by an endpoint with keys of its own. */
export interface LambdaStore {
  bucket: string
  prefix: string
  region: string
  /** Without it the store is Amazon's, and the function's role has the credentials. */
  endpoint?: string
}

/** Region of the definitions, and of the secrets that they name. */
export const lambdaRegion = 'sa-east-1'

/** Names of the secrets that they refer to. */
export const lambdaSecrets = {
  database: 'shop/database-url',
  monitor: 'shop/monitor',
  store: 'shop/store',
  hook: 'shop/hook',
  into: 'shop/verify-server',
} as const

/** The keys of their stores on Amazon: one by its alias, one by its id. */
export const lambdaKeys = { main: 'alias/shop-backups', far: '0a1b2c3d-0000-4000-8000-123456789012' } as const

/** Where a definition's servers are, on loopback. */
export interface LambdaServers {
  database: string
  postgresPort: number
  poolerPort: number
  /** Whether sets are restored into a server, which a secret names. */
  restoring?: boolean
}

/** A definition whose functions work on one database, one store and a copy, as TypeScript source. */
export function lambdaDefinition(
  servers: LambdaServers,
  { bucket, prefix, region, endpoint }: LambdaStore,
  hookUrl: string,
): string {
  const { database, postgresPort, poolerPort, restoring = false } = servers
  const keys = ['accessKeyId', 'secretAccessKey'].map((key) => `${key}: secret('${lambdaSecrets.store}', '${key}')`)
  const place = (key: string): string =>
    endpoint === undefined
      ? `encryption: { type: 'sse-kms', keyId: '${key}' },`
      : `endpoint: '${endpoint}', provider: 'versitygw', credentials: { ${keys.join(', ')} },`
  return `import { defineCluster, secret } from './config/index.ts'
export default defineCluster({
  name: 'shop',
  region: '${lambdaRegion}',
  allowedRegions: ['${lambdaRegion}', '${region}'],
  nodes: [{ name: 'app-1', role: 'docker', address: '10.0.0.10' }, { name: 'db-1', role: 'primary', address: '127.0.0.1' }],
  postgres: { port: ${postgresPort}, tls: { mode: 'disable' } },
  pgbouncer: { port: ${poolerPort} },
  accounts: { monitor: { user: 'ballast_monitor', password: secret('${lambdaSecrets.monitor}') } },
  databases: [{ name: '${database}', owner: 'app', connection: { url: secret('${lambdaSecrets.database}') } }],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['127.0.0.1/32'] },
  backup: {
    source: 'primary',
    // The fourth works in a thread, whose module is a bundle of its own.
    workers: 4,
    stores: [
      { type: 's3', name: 'main', bucket: '${bucket}', prefix: '${prefix}', region: '${region}', ${place(lambdaKeys.main)} },
      { type: 's3', name: 'far', bucket: '${bucket}', prefix: '${prefix}-far', region: '${region}', ${place(lambdaKeys.far)} },
    ],
    limits: { duration: '30 min' },
    // Where there is a state machine, it gets everything.
    fanOut: { above: '1 ms' },
    ${restoring ? `verify: { into: secret('${lambdaSecrets.into}') },` : ''}
    retention: { keep: { last: 1 }, floor: 1, sweepAfter: '1 hour' },
  },
  handover: { drills: { schedule: 'quarterly on 1 at 09:00', restoreTest: 'monthly on 1 at 09:00', store: 'far' } },
  alerts: {
    // Nobody takes the first two: every alert tries each of them.
    channels: [
      { type: 'sns', name: 'topic', topicArn: 'arn:aws:sns:${lambdaRegion}:123456789012:ballast' },
      { type: 'email', name: 'mail', from: 'ballast@example.com', to: ['ops@example.com'] },
      { type: 'webhook', name: 'hook', url: '${hookUrl}', signingKey: secret('${lambdaSecrets.hook}') },
    ],
  },
})
`
}
