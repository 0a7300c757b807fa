import { randomBytes } from 'node:crypto'
import type { Cluster } from '../../config/cluster.ts'
import { unlogged } from '../sites/password-sql.ts'
import { definedPrimary } from '../sites/site.ts'
import type { Drill, DrillScene } from './drill.ts'
import { type AccessRule, type AttemptRoles, ruleProblem } from './tls-and-passwords/attempts.ts'
import { tryLogins } from './tls-and-passwords/try-logins.ts'

/**
 * Who comes from the network proves a password by SCRAM, off the machine only under TLS; the pooler lets in neither superusers
 * nor replication, and nobody is let in who has no password, a wrong one, or one that has expired.
 */
export const tlsAndPasswords: Drill = {
  name: 'tls-and-passwords',
  changes: 'load',
  withinSeconds: 120,
  obstacle: () => undefined,
  async run(scene) {
    const { record } = scene
    const needsTls = asksForTls(scene.site.definition)
    const roles = await makeRoles(scene)
    const tried = await tryLogins(scene, roles, needsTls)
    const unexpected = tried.filter(({ expected, came }) => expected !== came)
    record.measure('attemptsMade', { value: tried.length, unit: 'count', samples: tried.length })
    record.measure('attemptsUnexpected', {
      ...{ value: unexpected.length, unit: 'count', samples: tried.length },
      limit: { is: 'exactly', value: 0, from: 'drill' },
    })
    for (const { key, through, expected, came } of unexpected) {
      record.finding(`The attempt ${key} at the ${through} was ${came}, and was to be ${expected}`)
    }
    record.table(
      'loginAttempts',
      ['attempt', 'through', 'role', 'expected', 'came', 'message'],
      tried.map(({ key, through, user, expected, came, words }) => [key, through, user, expected, came, words]),
    )
    await checkRules(scene, needsTls)
    await checkVerifiers(scene)
  },
}

/** The definition asks for TLS where Ballast itself would not log in without it. */
function asksForTls({ postgres: { tls } }: Cluster): boolean {
  return ['require', 'verify-ca', 'verify-full'].includes(tls.mode)
}

/** Roles that must be refused, with the drills' own password where they have one; they own nothing and are dropped again. */
async function makeRoles({ site, login, signal, restoreBy }: DrillScene): Promise<AttemptRoles> {
  const primary = definedPrimary(site)
  const suffix = randomBytes(3).toString('hex')
  const name = (what: string): string => `${login.user}_${what}_${suffix}`
  const roles = {
    ...{ expired: name('expired'), superuser: name('superuser') },
    ...{ replication: name('replication'), passwordless: name('passwordless') },
  }
  const options: Record<keyof AttemptRoles, string> = {
    expired: `PASSWORD '${login.password}' VALID UNTIL '2000-01-01'`,
    superuser: `SUPERUSER PASSWORD '${login.password}'`,
    replication: `REPLICATION PASSWORD '${login.password}'`,
    passwordless: '',
  }
  restoreBy(async (restoring) => {
    const drops = Object.values(roles).map((role) => `DROP ROLE IF EXISTS ${role};`)
    await site.sql(primary, drops.join('\n'), { signal: restoring })
  })
  const makes = Object.entries(roles).map(([key, role]) => `CREATE ROLE ${role} LOGIN ${options[key as keyof AttemptRoles]};`)
  await site.sql(primary, [unlogged, ...makes].join('\n'), { signal })
  return roles
}

async function checkRules({ site, record, signal }: DrillScene, needsTls: boolean): Promise<void> {
  const rows: (string | number)[][] = []
  let open = 0
  for (const { name: node } of site.nodes) {
    const rules = JSON.parse(await site.sql(node, rulesSql, { signal })) as AccessRule[]
    for (const rule of rules) {
      const problem = ruleProblem(rule, needsTls)
      if (problem !== undefined) {
        open += 1
        record.finding(`Line ${rule.line} of pg_hba.conf on ${node} ${problem}`)
      }
      rows.push([node, rule.line, rule.type, rule.database, rule.user, rule.address, rule.method])
    }
  }
  record.measure('rulesTooOpen', {
    ...{ value: open, unit: 'count', samples: rows.length },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
  record.table('accessRules', ['node', 'line', 'type', 'database', 'role', 'address', 'method'], rows)
}

const rulesSql = `SELECT coalesce(json_agg(json_build_object('line', line_number, 'type', coalesce(type, ''),
  'database', array_to_string(database, ','), 'user', array_to_string(user_name, ','), 'address', coalesce(address, ''),
  'method', coalesce(auth_method, ''), 'error', coalesce(error, '')) ORDER BY line_number), '[]') FROM pg_hba_file_rules`

/** Verifiers are the servers' common ones: replicas have the primary's. */
async function checkVerifiers({ site, record, signal }: DrillScene): Promise<void> {
  const primary = definedPrimary(site)
  const [logins = '0', encryption = '', ...others] = (await site.sql(primary, verifiersSql, { signal })).split('\n')
  if (encryption !== 'scram-sha-256') record.finding(`password_encryption on ${primary} is ${encryption}, not scram-sha-256`)
  for (const role of others.filter((one) => one !== '')) record.finding(`The verifier of the role ${role} is not of SCRAM`)
  record.measure('verifiersNotScram', {
    ...{ value: others.filter((one) => one !== '').length, unit: 'count', samples: Number(logins) },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
}

const verifiersSql = `SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL;
SHOW password_encryption;
SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL AND rolpassword NOT LIKE 'SCRAM-SHA-256$%' ORDER BY rolname;`
