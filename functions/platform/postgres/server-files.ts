/** Text for the end of a postgresql.conf, where it wins over what stands before it. */
export function settingsText(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  return `\n${lines.join('\n')}\n`
}

/** The settings that say where a server listens; no other setting may contradict them. */
export function listenSettings(socketDirectory: string, listen: ServerListen): Record<string, string> {
  const port = listen === 'socket-only' ? socketOnlyPort : listen.port
  return {
    listen_addresses: listen === 'socket-only' ? '' : '127.0.0.1',
    port: String(port),
    unix_socket_directories: socketDirectory,
  }
}

/** A Unix socket in a private directory, and TCP on 127.0.0.1 at this port when one is given. */
export type ServerListen = 'socket-only' | { port: number }

/** Part of the socket's file name only: nothing listens on TCP. */
export const socketOnlyPort = 5432

/** A connection URL; a host that starts with `/` is the directory of a Unix socket. */
export function serverUrl(parts: {
  host: string
  port: number
  database: string
  user: string
  password?: string | undefined
}): string {
  const { host, port, database, user, password } = parts
  const login =
    password === undefined ? encodeURIComponent(user) : `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  if (host.startsWith('/'))
    return `postgresql://${login}@/${encodeURIComponent(database)}?${new URLSearchParams({ host, port: String(port) })}`
  return `postgresql://${login}@${host}:${port}/${encodeURIComponent(database)}`
}
