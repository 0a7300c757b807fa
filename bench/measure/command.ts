/** A command to measure; its environment is exactly the one given. */
export interface BenchCommand {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/**
 * A pipeline as its user would type it, in a shell that fails with the first part that fails. Values reach the script
 * through the environment only.
 */
export function pipeline(script: string, env: Readonly<Record<string, string>>): BenchCommand {
  return { command: '/bin/bash', args: ['--norc', '-e', '-o', 'pipefail', '-c', script], env }
}
