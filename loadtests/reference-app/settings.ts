import { readFileSync } from 'node:fs'

/** What a service is started with. Secrets come in files, as containers get them, and never in the environment. */
export interface Settings {
  /** `postgresql://user:password@host:port/database`, through PgBouncer. */
  databaseUrl: string
  /** `redis://...`; undefined where there is no Redis. */
  redisUrl: string | undefined
  host: string
  port: number
  /** Connections to PgBouncer, at the most. */
  poolSize: number
}

/** @throws Error that names the variable that is missing or wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const databaseUrl = fromFile(env, 'DATABASE_URL_FILE')
  if (databaseUrl === undefined) throw new Error('DATABASE_URL_FILE must name a file that holds the URL of the database')
  return {
    databaseUrl,
    redisUrl: fromFile(env, 'REDIS_URL_FILE'),
    host: env.HOST ?? '127.0.0.1',
    port: wholeNumber(env, 'PORT', 8080, 65_535),
    poolSize: wholeNumber(env, 'POOL_SIZE', 10, 1_000),
  }
}

function fromFile(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const path = env[name]
  return path === undefined ? undefined : readFileSync(path, 'utf8').trim()
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, otherwise: number, most: number): number {
  const value = Number(env[name] ?? otherwise)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new Error(`${name} must be a whole number from 1 to ${most}`)
}
