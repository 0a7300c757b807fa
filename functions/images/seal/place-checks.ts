import { absent, type SealCheck } from './seal-check.ts'

/** Places that hold secrets, state or rights of one machine. */
export const placeChecks: readonly SealCheck[] = [
  absent(
    'authorized-keys',
    /\/\.ssh\/.+|\/authorized_keys2?$/,
    'Remove it: whoever holds the key could log in to every machine.',
  ),
  absent(
    'ballast-secrets',
    /^\/etc\/ballast\/(secrets|credentials|tls)\/.+/,
    'Remove it: secrets come to a machine at its first boot.',
  ),
  absent(
    'node-settings',
    /^\/(etc\/ballast\/node\.env|var\/lib\/ballast\/.+)$/,
    'Remove it: it says which node this machine was.',
  ),
  absent(
    'postgres-data',
    /^\/var\/lib\/postgresql\/[^/]+\/.+\/[^/]+$|\/(PG_VERSION|pg_control)$/,
    'Remove the cluster: the first boot makes one, with an identity of its own.',
  ),
  absent('pgbouncer-users', /^\/etc\/pgbouncer\/userlist\.txt$/, 'Remove it: passwords are asked of PostgreSQL.'),
  absent('password-files', /\/(\.pgpass|pgpass(\.conf)?|\.my\.cnf|\.netrc|\.git-credentials)$/, 'Remove it.'),
  absent(
    'cloud-credentials',
    /\/(\.aws\/.+|\.config\/gcloud\/.+|\.azure\/.+|\.kube\/.+|\.s3cfg|\.boto|rclone\.conf)$|^\/etc\/apt\/auth\.conf(\.d\/.+)?$/,
    'Remove it.',
  ),
  absent('docker-logins', /\/\.docker\/.+|\/\.dockercfg$/, "Remove it: it holds a registry's token."),
  absent(
    'docker-state',
    /^\/var\/lib\/(docker|containerd)\/.+|^\/etc\/docker\/key\.json$/,
    'Stop Docker and empty its directory: the first boot makes it anew.',
    ['file', 'link', 'directory'],
  ),
  absent(
    'key-stores',
    /^\/etc\/ssl\/private\/.+|\.(p12|pfx|jks|keystore|kdbx)$|\/\.gnupg\/(private-keys-v1\.d\/.+|secring\.gpg)$/,
    'Remove it.',
  ),
]
