/** Settings that keep a long session alive: pg_dump and pg_restore turn the same timeouts off. */
export function patienceSettings(versionNum: number): Record<string, string> {
  return {
    statement_timeout: '0',
    idle_in_transaction_session_timeout: '0',
    synchronize_seqscans: 'off',
    ...(versionNum >= 140000 ? { idle_session_timeout: '0' } : {}),
    ...(versionNum >= 170000 ? { transaction_timeout: '0' } : {}),
  }
}
