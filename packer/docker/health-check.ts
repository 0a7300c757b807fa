import type { DockerService } from '../../config/index.ts'
import type { ServedService } from './stacks.ts'

/** A health check as Compose has it. */
export interface HealthCheck {
  test: readonly string[]
  interval: string
  timeout: string
  retries: number
  start_period: string
}

/** How a service shows that it works: as the definition says, or by what its type can always be asked. */
export function healthCheck(service: DockerService): HealthCheck {
  return timed(probe(service))
}

export function timed(test: readonly string[]): HealthCheck {
  return { test, interval: '10s', timeout: '5s', retries: 3, start_period: '60s' }
}

function probe(service: DockerService): readonly string[] {
  if (service.health !== undefined) return ['CMD', ...service.health]
  switch (service.type) {
    case 'web':
    case 'websocket':
      return ['CMD-SHELL', service.healthPath === undefined ? listens(service.port) : asks(service, service.healthPath)]
    case 'pgadmin':
      return ['CMD-SHELL', asks(service, service.healthPath ?? '/misc/ping')]
    case 'redis':
      return ['CMD-SHELL', 'redis-cli ping | grep -q PONG']
    case 'worker':
    case 'scheduler':
      // Nothing can be asked of it: it is healthy once it has run for the ten seconds until the first check.
      return ['CMD-SHELL', 'exit 0']
  }
}

/** Whether a program listens on the port, as the kernel says: works in any image with a shell and grep. */
function listens(port: number): string {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0')
  return `grep -qs ':${hexadecimal} [0-9A-F]*:0000 0A' /proc/net/tcp /proc/net/tcp6`
}

/** Asks as Traefik would, by whatever the image has: curl, wget, or bash alone. */
function asks(service: ServedService, path: string): string {
  const host = service.hosts.find((name) => !name.startsWith('*.')) ?? 'localhost'
  const url = `http://127.0.0.1:${service.port}${path}`
  const headers = [`Host: ${host}`, 'X-Forwarded-Proto: https']
  const request = [`GET ${path} HTTP/1.0`, ...headers].map((line) => `${line}\\r\\n`).join('')
  const viaBash = `exec 3<>/dev/tcp/127.0.0.1/${service.port} && printf "${request}\\r\\n" >&3 && head -n 1 <&3 | grep -q " [23].. "`
  return [
    `if command -v curl >/dev/null; then exec curl -fsS -m 4 -o /dev/null ${headers.map((line) => `-H '${line}'`).join(' ')} ${url}; fi`,
    `if command -v wget >/dev/null; then exec wget -q -T 4 -O /dev/null ${headers.map((line) => `--header '${line}'`).join(' ')} ${url}; fi`,
    `exec bash -c '${viaBash}'`,
  ].join('; ')
}
