import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { MachineEnd } from '../booted-systemd.ts'
import { ballast } from '../run-cli.ts'

/** The operator's machine, which is this one. */
export interface OperatorShell {
  /** Its home and working directory, with `.pgpass`. */
  directory: string
  /** Of a process in whose network it is; in this machine's own where there is none. */
  networkOf?: number
  env?: Readonly<Record<string, string>>
}

/** Runs a script there, in a session of its own: passwords are asked for on a terminal where there is one. */
export function runOperatorShell(
  { directory, networkOf, env }: OperatorShell,
  script: string,
  input: string,
): Promise<MachineEnd> {
  const own = {
    PATH: `${dirname(ballast)}:${process.env.PATH}`,
    HOME: directory,
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    PGPASSFILE: join(directory, '.pgpass'),
  }
  const enter = networkOf === undefined ? [] : ['nsenter', '--target', String(networkOf), '--net']
  const [command = '', ...args] = [...enter, 'setsid', '--wait', 'bash', '-c', script]
  const options = { cwd: directory, env: { ...own, ...env }, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
    // A command that ends without reading all of it says so by its exit code.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** Lines of a password file that hold for every server. */
export function passwordFile(passwords: Readonly<Record<string, string>>): string {
  const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:')
  return Object.entries(passwords)
    .map(([role, password]) => `*:*:*:${role}:${escaped(password)}\n`)
    .join('')
}
