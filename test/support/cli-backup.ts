import type { BackupCase } from './backup-case.ts'

/** The environment of a command on a case: its store through the proxy, and its database. */
export function cliEnvironment(one: BackupCase): Record<string, string> {
  const { sandbox, temporary } = one.bench
  return {
    ...sandbox.s3.env,
    AWS_ENDPOINT_URL_S3: one.proxy.endpoint,
    BALLAST_PG_BIN: sandbox.pgBin,
    DATABASE_URL: sandbox.backupUrl(one.database),
    TMPDIR: temporary,
  }
}

/** Arguments and environment of the command that makes a case's backup; the password is in the environment alone. */
export function cliBackup(one: BackupCase, store?: string): { args: string[]; env: Record<string, string> } {
  const { bucket, prefix } = one.store
  const place = store === undefined ? [`s3://${bucket}/${prefix}`, '--provider', 'versitygw'] : [store]
  const args = ['backup', '--json', '--cluster', 'faults', '--workers', '2', '--store', ...place]
  return { args, env: cliEnvironment(one) }
}
