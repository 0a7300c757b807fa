import type { Failure } from '../failure.ts'
import { conninfoFailure } from './conninfo-failure.ts'
import type { RawParameters } from './conninfo-url.ts'
import { nearestParameter, type ParameterName, parameters } from './parameters.ts'

/** Where a value came from, for messages: `the connection string`, `PGHOST`, `service "orders"`. */
export interface Gathered {
  value: string
  origin: string
}

/** Parameters of all sources, the strongest first, by libpq's rule: string, service, environment. */
export class GatheredParameters {
  readonly #values = new Map<string, Gathered>()

  /** Adds what a stronger source has not set. */
  add(raw: RawParameters, origin: string): void {
    for (const [name, value] of raw) this.#take(name, value, origin)
  }

  /** Adds the PG* variables of every parameter that has one. */
  addEnvironment(env: NodeJS.ProcessEnv): void {
    for (const [name, { variable }] of parameters) {
      const value = variable === undefined ? undefined : env[variable]
      if (variable !== undefined && value !== undefined) this.#take(name, value, variable)
    }
    // libpq still reads this predecessor of PGSSLMODE.
    if (env.PGREQUIRESSL?.startsWith('1')) this.#take('sslmode', 'require', 'PGREQUIRESSL')
  }

  /** The strongest source's value. An empty one asks for the default: it hides weaker sources, and counts as absent. */
  get(name: ParameterName): Gathered | undefined {
    const found = this.#values.get(name)
    return found?.value === '' ? undefined : found
  }

  #take(name: string, value: string, origin: string): void {
    const parameter = parameters.get(name)
    if (!parameter) {
      throw conninfoFailure(
        `${origin} has the unknown parameter "${name}": libpq's nearest is "${nearestParameter(name)}"`,
        'Spell parameters as in the PostgreSQL documentation, "Parameter Key Words".',
      )
    }
    if (this.#values.has(name)) return
    const { treatment } = parameter
    const harmless = value === '' || (treatment !== 'refused' && treatment.includes(value))
    if (treatment !== 'honoured' && !harmless) throw refused(name, treatment, origin)
    this.#values.set(name, { value, origin })
  }
}

function refused(name: string, treatment: 'refused' | readonly string[], origin: string): Failure {
  const given = origin.startsWith('PG') ? `${origin} (libpq's ${name})` : `"${name}" of ${origin}`
  const allowed = treatment === 'refused' ? '' : `; only ${treatment.slice(0, 2).join(' or ')} can be`
  return conninfoFailure(
    `${given} cannot be honoured as it was given${allowed}`,
    `Take ${name} away: Ballast never ignores a connection parameter silently, and cannot apply this one to all its connections.`,
  )
}
