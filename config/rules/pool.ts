import { NODE_EXPORTER_PORT, POSTGRES_EXPORTER_PORT } from '../exporter-ports.ts'
import { OPTION_SINCE, POOLER_OPTIONS } from '../pooler-options.ts'
import { olderThan, PREPARED_STATEMENTS_SINCE, poolerVersion } from '../pooler-versions.ts'
import { didYouMean } from '../suggest.ts'
import { type Rule, repeated, when } from './rule.ts'

/** Server connections that a node's PgBouncer may open when every pool is full. */
const budget: Rule = {
  needs: ['databases', 'postgres.maxConnections', 'postgres.reservedConnections'],
  check: ({ databases, postgres: { maxConnections, reservedConnections } }) => {
    const wanted = databases.reduce((sum, { pool }) => sum + (pool.size + pool.reserve) * pool.users, 0)
    const free = maxConnections - reservedConnections
    return when(
      free > 0 && wanted > free,
      'databases',
      `pools need ${wanted} connections, but only ${free} are free (maxConnections ${maxConnections} - reservedConnections ${reservedConnections})`,
      `lower pool.size or pool.reserve, or raise postgres.maxConnections to ${wanted + reservedConnections}`,
    )
  },
}

const poolShape: Rule = {
  needs: ['databases'],
  check: ({ databases }) => [
    ...repeated(
      databases,
      ({ name }) => name,
      (index) => `databases[${index}].name`,
      'name every database once',
    ),
    ...databases.flatMap(({ pool }, index) =>
      when(
        pool.min > pool.size,
        `databases[${index}].pool.min`,
        `${pool.min} is over the pool's size, ${pool.size}`,
        `write at most ${pool.size}`,
      ),
    ),
    ...databases.flatMap(({ extensions }, index) =>
      repeated(
        extensions,
        (name) => name,
        (at) => `databases[${index}].extensions[${at}]`,
        'name every extension once',
      ),
    ),
  ],
}

const connections: Rule = {
  needs: ['databases'],
  check: ({ databases }) =>
    databases.flatMap(({ connection: { url, ...parts } }, index) =>
      when(
        url !== undefined && Object.values(parts).some((part) => part !== undefined),
        `databases[${index}].connection`,
        'has a url and its parts',
        'keep the url or the parts',
      ),
    ),
}

const neverPooled: Rule = {
  needs: ['databases', 'pgbouncer.port', 'pgbouncer.mode'],
  check: ({ databases, pgbouncer }) =>
    databases.flatMap(({ connection: { url, port } }, index) => {
      const given = typeof url === 'string' ? Number(new URL(url).port) : port
      return when(
        given === pgbouncer.port && pgbouncer.mode === 'transaction',
        `databases[${index}].connection.${url === undefined ? 'port' : 'url'}`,
        `port ${given} is PgBouncer's, and a dump through transaction pooling breaks the application`,
        "write PostgreSQL's own port, e.g. 5432",
      )
    }),
}

const backupConnections: Rule = {
  needs: ['backup.workers', 'backup.fanOut.connections', 'postgres.reservedConnections'],
  check: ({ backup: { workers, fanOut }, postgres: { reservedConnections } }) => {
    // The snapshot's holder and pg_dump have a connection each beside the workers.
    const room = reservedConnections - 2
    const over = (count: number, path: string) =>
      when(
        count > room,
        path,
        `${count} connections are more than the ${room} that postgres.reservedConnections leaves for a backup`,
        `write at most ${room} or raise postgres.reservedConnections`,
      )
    return [...over(workers, 'backup.workers'), ...over(fanOut.connections, 'backup.fanOut.connections')]
  },
}

const reserve: Rule = {
  needs: ['postgres.maxConnections', 'postgres.reservedConnections'],
  check: ({ postgres: { maxConnections, reservedConnections } }) =>
    when(
      reservedConnections >= maxConnections,
      'postgres.reservedConnections',
      `${reservedConnections} leaves nothing of maxConnections ${maxConnections}`,
      'write less',
    ),
}

const clients: Rule = {
  needs: ['databases', 'pgbouncer.maxClients'],
  check: ({ databases, pgbouncer: { maxClients } }) => {
    const pooled = databases.reduce((sum, { pool }) => sum + pool.size * pool.users, 0)
    return when(
      maxClients < pooled,
      'pgbouncer.maxClients',
      `${maxClients} clients cannot fill pools of ${pooled}`,
      `write at least ${pooled}`,
    )
  },
}

const versionGates: Rule = {
  needs: ['pgbouncer', 'images.base'],
  check: (cluster) => {
    const { preparedStatements, mode, settings } = cluster.pgbouncer
    const version = poolerVersion(cluster)
    const wanted = (preparedStatements ?? 0) > 0 && mode === 'transaction'
    return [
      ...when(
        wanted && olderThan(version, PREPARED_STATEMENTS_SINCE),
        'pgbouncer.preparedStatements',
        `PgBouncer ${version} has no prepared statements in transaction mode (since ${PREPARED_STATEMENTS_SINCE})`,
        'write 0 or use a newer PgBouncer',
      ),
      ...Object.keys(settings).flatMap((option) =>
        when(
          !POOLER_OPTIONS.includes(option),
          `pgbouncer.settings.${option}`,
          'is no option of PgBouncer, which would not start',
          didYouMean(option, POOLER_OPTIONS),
        ),
      ),
      ...Object.keys(settings).flatMap((option) => {
        const since = OPTION_SINCE[option]
        return when(
          since !== undefined && olderThan(version, since),
          `pgbouncer.settings.${option}`,
          `PgBouncer ${version} does not know it (since ${since}) and would not start`,
          'remove it or use a newer PgBouncer',
        )
      }),
    ]
  },
}

const ports: Rule = {
  needs: ['postgres.port', 'pgbouncer.port', 'firewall.sshPort'],
  check: ({ postgres, pgbouncer, firewall }) => {
    const all = [
      { path: 'the node exporter', port: NODE_EXPORTER_PORT },
      { path: 'the postgres exporter', port: POSTGRES_EXPORTER_PORT },
      { path: 'postgres.port', port: postgres.port },
      { path: 'pgbouncer.port', port: pgbouncer.port },
      { path: 'firewall.sshPort', port: firewall.sshPort },
    ]
    return repeated(
      all,
      ({ port }) => String(port),
      (index) => all[index]?.path ?? '',
      'use different ports',
    )
  },
}

export const poolRules: readonly Rule[] = [
  reserve,
  budget,
  poolShape,
  connections,
  neverPooled,
  backupConnections,
  clients,
  versionGates,
  ports,
]
