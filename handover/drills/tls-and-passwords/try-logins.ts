import { definedPrimary } from '../../sites/site.ts'
import { type DrillScene, drillConnection } from '../drill.ts'
import { type LoginAnswer, tryLogin } from '../try-login.ts'
import { type Attempt, type AttemptRoles, attemptsOf, isLoopback } from './attempts.ts'

/** An attempt with what came of it, in the server's own words. */
export interface Tried extends Attempt {
  came: LoginAnswer
  words: string
}

/** Tries every way in, one login after another, as somebody at the door would. */
export async function tryLogins(scene: DrillScene, roles: AttemptRoles, needsTls: boolean): Promise<Tried[]> {
  const { site, login, record } = scene
  const tried: Tried[] = []
  for (const through of ['pooler', 'direct'] as const) {
    const { host } = await site.reach(definedPrimary(site), through)
    const offHost = !isLoopback(host)
    if (needsTls && !offHost) {
      record.untested(
        `Whether ${through} refuses a login without TLS: it was reached over loopback (${host}), where none is asked for.`,
      )
    }
    for (const attempt of attemptsOf(login, roles, { through, withoutTls: needsTls && offHost })) {
      tried.push(await attempted(scene, attempt))
    }
  }
  return tried
}

async function attempted(scene: DrillScene, attempt: Attempt): Promise<Tried> {
  const { site, signal } = scene
  const { password: _own, ...way } = await drillConnection(scene, definedPrimary(site), attempt.through)
  const { user, password, plain } = attempt
  const connection = {
    ...{ ...way, user },
    ...(password === undefined ? {} : { password }),
    ...(plain ? { sslmode: 'disable' as const } : {}),
  }
  return { ...attempt, ...(await tryLogin(connection, signal)) }
}
