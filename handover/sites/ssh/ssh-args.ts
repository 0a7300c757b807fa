import { administrator } from '../../../config/administrator.ts'

/** How the machines of a cluster are reached by SSH. */
export interface SshAccess {
  /** Takes the sockets by which the commands on one machine share a connection. */
  directory: string
  /** Read in place of the operator's own configuration. */
  configFile?: string
  /** The command line of a program where the machines can be reached from, if that is not here. */
  inside?: (command: string, args: readonly string[]) => { command: string; args: string[] }
  /** All that the client sees of this process's environment; see {@link sshEnvironment}. */
  env: Readonly<Record<string, string>>
}

/** A machine, and how to get there. */
export interface SshDestination extends Pick<SshAccess, 'configFile'> {
  host: string
  port: number
  /** What its commands share a connection by: a path of at most 90 characters. */
  socket: string
}

/** Each is said on the command line, and so holds whatever a configuration says. */
const options = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ConnectTimeout=10',
  'ServerAliveInterval=5',
  'ServerAliveCountMax=6',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'PermitLocalCommand=no',
  'RequestTTY=no',
  'LogLevel=ERROR',
  'ControlMaster=auto',
  'ControlPersist=60',
]

/**
 * OpenSSH's arguments for a machine, before the command that it runs. The operator's configuration says how the machine is
 * found (key, jump host); it never asks, and a host key that is not known yet is refused.
 */
export function sshArgs({ host, port, socket, configFile }: SshDestination): string[] {
  const file = configFile === undefined ? [] : ['-F', configFile]
  const all = [...options, `ControlPath=${socket}`].flatMap((option) => ['-o', option])
  return [...file, ...all, '-p', String(port), '-l', administrator, '--', host]
}

const inherited = ['HOME', 'LOGNAME', 'PATH', 'SSH_AUTH_SOCK', 'USER']

/** What of an environment the client needs: where keys and their agent are, and where its own helpers are. */
export function sshEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = inherited.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return { ...Object.fromEntries(given), LC_ALL: 'C.UTF-8' }
}
