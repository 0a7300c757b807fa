import type { Drill as DrillName } from '../../config/drills.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import type { Site } from '../sites/site.ts'
import type { Recorder } from './recorder.ts'

/** What a running drill works with. */
export interface DrillScene {
  site: Site
  /** The login that drills have to the application's database: `ballast_drill`, in a schema of its own that is its search path. */
  login: DrillLogin
  record: Recorder
  /** Fires when the rehearsal is stopped, or when the drill's time is over. */
  signal: AbortSignal
  /**
   * Says what puts a change back; call it before the change. Whatever ends the drill, all of them run, the last one first,
   * under a signal of their own. What is already as it was must be no error.
   */
  restoreBy(work: (signal: AbortSignal) => Promise<void>): void
}

/** A role that is made for one rehearsal and dropped at its end. */
export interface DrillLogin {
  user: string
  password: string
  /** The first database of the definition. */
  database: string
}

/** Why a drill cannot be done on a site, and what to do. */
export interface Obstacle {
  reason: string
  next: string
}

/** A failure that is caused on purpose, and what must come of it. */
export interface Drill {
  readonly name: DrillName
  /** What it does to the site: it only looks, it loads it, or it breaks something that it then puts back. */
  readonly changes: 'nothing' | 'load' | 'breaks'
  /** Longest that it may take, in seconds, without what puts things back. */
  readonly withinSeconds: number
  /** What the site lacks for it; asked before anything is done. */
  obstacle(site: Site): Obstacle | undefined
  /**
   * Does it. What is wrong with the site is recorded (a measurement over its limit, a finding); only what keeps the drill
   * from telling anything is thrown.
   */
  run(scene: DrillScene): Promise<void>
}

/** The application's connection to a node, as the drills' role. */
export async function drillConnection(
  { site, login }: Pick<DrillScene, 'site' | 'login'>,
  node: string,
  through: 'pooler' | 'direct',
): Promise<ConnectionSettings> {
  const { host, port, ...protection } = await site.reach(node, through)
  return { hosts: [{ host, port }], ...login, ...protection, targetSessionAttrs: 'any', connectTimeoutSeconds: 5 }
}
