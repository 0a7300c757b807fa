/** Who logs in where. */
export interface Login {
  address: string
  /** The address to come from, where that matters. */
  from?: string | undefined
  port: number
  user: string
  /** Path of the private key; no other key is offered. */
  keyFile: string
}

/**
 * Options of OpenSSH's client for a guest of our own. Its host key is new with every boot and reached over a network that
 * only we are on: there is nothing to compare it with, and nothing is remembered.
 */
export function sshArgs({ address, from, port, user, keyFile }: Login, controlSocket: string): string[] {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'ConnectTimeout=20',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=8',
    `ControlPath=${controlSocket}`,
    ...(from === undefined ? [] : [`BindAddress=${from}`]),
  ]
  return ['-F', 'none', '-i', keyFile, '-p', String(port), ...options.flatMap((option) => ['-o', option]), `${user}@${address}`]
}

/** A command's words as one line for the guest's shell, which takes each exactly as it is; as root. */
export function remoteLine(user: string, words: readonly string[]): string {
  const asRoot = user === 'root' ? words : ['sudo', '-n', '--', ...words]
  return asRoot.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
}
