import type { BackupCase } from './backup-case.ts'

/** Arguments and environment of the command that makes a case's backup; the password is in the environment alone. */
export function cliBackup(one: BackupCase, store?: string): { args: string[]; env: Record<string, string> } {
  const { sandbox, temporary } = one.bench
  const { bucket, endpoint, prefix } = { ...one.store, endpoint: one.proxy.endpoint }
  const args = ['backup', '--json', '--cluster', 'faults', '--workers', '2', '--store', store ?? `s3://${bucket}/${prefix}`]
  return {
    args: store === undefined ? [...args, '--provider', 'versitygw'] : args,
    env: {
      ...sandbox.s3.env,
      AWS_ENDPOINT_URL_S3: endpoint,
      BALLAST_PG_BIN: sandbox.pgBin,
      DATABASE_URL: sandbox.backupUrl(one.database),
      TMPDIR: temporary,
    },
  }
}
