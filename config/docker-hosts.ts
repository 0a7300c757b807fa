type Environment = 'production' | 'staging'

interface Environments {
  environment: Environment
  docker: { readonly environments: readonly Environment[] }
}

/** The environment of the docker node that the definition's hosts and secrets are for; others run beside it. */
export function ownEnvironment({ environment, docker: { environments } }: Environments): Environment {
  return environments.find((name) => name === environment) ?? environments[0] ?? environment
}

/** What a host of the definition is called in an environment: beside the definition's own, `staging.app.example.com`. */
export function hostIn(cluster: Environments, environment: Environment, host: string): string {
  if (environment === ownEnvironment(cluster)) return host
  return host.startsWith('*.') ? `*.${environment}.${host.slice(2)}` : `${environment}.${host}`
}
