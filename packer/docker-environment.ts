import { ownEnvironment } from '../config/docker-hosts.ts'
import type { Cluster, DockerService, SecretRef } from '../config/index.ts'
import { plainText } from './docker/plain-text.ts'
import { isServed, type Stack } from './docker/stacks.ts'

/** One variable of a stack's `.env`. */
export interface StackVariable {
  /** Its name in `.env`: the service's name first, as two services may have variables of the same name. */
  name: string
  /** Where the definition says it; empty for what the image itself needs. */
  path: string
  /**
   * Where the value comes from: written in the definition, looked up when the node's seed is made, made on the machine, or
   * written into `.env` by the operator.
   */
  source: { value: string } | { ref: SecretRef } | 'generated' | 'operator'
}

/** A secret of a stack, to be looked up when the docker node's seed is made. */
export interface StackSecret {
  name: string
  path: string
  ref: SecretRef
}

/** The variables that a stack's `.env` must have. */
export function stackVariables(cluster: Cluster, stack: Stack): readonly StackVariable[] {
  const { acme, services } = cluster.docker
  if (stack === 'edge') return variablesOf('traefik', acme?.environment ?? {}, 'docker.acme.environment', true)
  const own = stack === ownEnvironment(cluster)
  return services.flatMap((service, index) => [
    ...variablesOf(service.name, service.environment, `docker.services[${index}].environment`, own),
    ...ownVariables(cluster, service),
  ])
}

/** What the seed of the docker node must hold for a stack, in `/etc/ballast/secrets/<stack>.env`. */
export function stackSecrets(cluster: Cluster, stack: Stack): readonly StackSecret[] {
  return stackVariables(cluster, stack).flatMap(({ name, path, source }) =>
    typeof source === 'object' && 'ref' in source ? [{ name, path, ref: source.ref }] : [],
  )
}

/** The name in `.env` of a service's variable. */
export function variableName(service: string, name: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}__${name}`
}

/** The variables by the names that the service's program knows, with their names in `.env`. */
export function serviceVariables(cluster: Cluster, service: DockerService): readonly (readonly [string, string])[] {
  const prefix = variableName(service.name, '')
  const own = ownVariables(cluster, service).map(({ name }) => name.slice(prefix.length))
  return [...Object.keys(service.environment), ...own].map((name) => [name, `${prefix}${name}`] as const)
}

/** The text of a `.env` file, as Docker Compose reads it back: any text may be a value. */
export function envFile(entries: readonly { name: string; value: string }[]): string {
  return entries.map(({ name, value }) => `${name}=${quoted(value)}\n`).join('')
}

/** In single quotes nothing has a meaning, but they cannot hold one of their own, and Compose keeps their backslashes. */
function quoted(value: string): string {
  if (!/['\\\n]/.test(value)) return `'${value}'`
  return `"${value.replaceAll(/["\\$]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

/** An environment beside the definition's own does not get its secrets: staging must not reach production's database. */
function variablesOf(service: string, environment: DockerService['environment'], path: string, own: boolean): StackVariable[] {
  return Object.entries(environment).map(([name, value]) => {
    const source = typeof value === 'string' ? { value: plainText(value) } : own ? { ref: value } : ('operator' as const)
    return { name: variableName(service, name), path: `${path}.${name}`, source }
  })
}

/** What a service's image needs and the definition does not give it. */
function ownVariables({ docker }: Cluster, service: DockerService): StackVariable[] {
  if (service.type !== 'pgadmin' || !isServed(service)) return []
  const [host = 'localhost'] = service.hosts
  const needed: [string, StackVariable['source']][] = [
    ['PGADMIN_DEFAULT_EMAIL', { value: docker.acme?.email ?? `admin@${host}` }],
    ['PGADMIN_DEFAULT_PASSWORD', 'generated'],
    // Its mail server starts through sudo, which no-new-privileges forbids.
    ['PGADMIN_DISABLE_POSTFIX', { value: 'true' }],
    ['PGADMIN_LISTEN_PORT', { value: String(service.port) }],
  ]
  return needed
    .filter(([name]) => !(name in service.environment))
    .map(([name, source]) => ({ name: variableName(service.name, name), path: '', source }))
}
