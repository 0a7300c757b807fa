/** What a backup says with `--json`, of which some is looked at. */
interface BackupOutcome {
  numbers: { storedBytes: number }
  details: { secondsByPhase: { copy: number } }
}

/** The outcome of a backup, among its notes. */
export function outcomeIn(output: string): BackupOutcome {
  return JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '') as BackupOutcome
}
