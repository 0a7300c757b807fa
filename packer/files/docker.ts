import { stringify } from 'yaml'
import type { Cluster } from '../../config/index.ts'
import { daemonSettings } from '../docker/daemon-settings.ts'
import { edgeStack } from '../docker/edge-stack.ts'
import { environmentStack } from '../docker/environment-stack.ts'
import { type Stack, stackDirectory, stacksOf } from '../docker/stacks.ts'
import { environmentRoutes, sharedRoutes } from '../docker/traefik-routes.ts'
import { traefikSettings } from '../docker/traefik-settings.ts'
import { envFile, stackVariables } from '../docker-environment.ts'
import type { RoleFile } from '../role-file.ts'
import type { ImageRole } from '../roles.ts'

/** Docker's settings and the stacks of the docker node. */
export function dockerFiles(cluster: Cluster, role: ImageRole): readonly RoleFile[] {
  if (role !== 'docker') return []
  return [
    { path: '/etc/docker/daemon.json', content: `${JSON.stringify(daemonSettings(cluster), undefined, 2)}\n` },
    ...stacksOf(cluster).flatMap((stack) => stackFiles(cluster, stack)),
  ]
}

function stackFiles(cluster: Cluster, stack: Stack): RoleFile[] {
  const directory = stackDirectory(stack)
  const variables = stackVariables(cluster, stack)
  const written = variables.flatMap(({ name, source }) =>
    typeof source === 'object' && 'value' in source ? [{ name, value: source.value }] : [],
  )
  const generated = variables.filter(({ source }) => source === 'generated').map(({ name }) => `${name}\n`)
  const file = (name: string, content: string): RoleFile => ({ path: `${directory}/${name}`, content })
  const yaml = (name: string, content: object): RoleFile => file(name, document(cluster, content))
  return [
    yaml('compose.yaml', stack === 'edge' ? edgeStack(cluster) : environmentStack(cluster, stack)),
    file('defaults.env', envFile(written)),
    file('generated', generated.join('')),
    ...(stack === 'edge'
      ? [
          yaml('traefik.yaml', traefikSettings(cluster)),
          yaml('routes/shared.yaml', sharedRoutes(cluster)),
          ...cluster.docker.environments.map((name) => yaml(`routes/${name}.yaml`, environmentRoutes(cluster, name))),
        ]
      : []),
  ]
}

/** Every text in quotes: which ones another reader of YAML takes for something else depends on its version. */
const YAML_STYLE = {
  version: '1.1',
  defaultKeyType: 'PLAIN',
  defaultStringType: 'QUOTE_DOUBLE',
  doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const

function document({ name }: Cluster, content: object): string {
  return `# From the definition of the cluster ${name}: change it there.\n${stringify(content, YAML_STYLE)}`
}
