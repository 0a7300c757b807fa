import { randomBytes } from 'node:crypto'
import { Failure } from '../../platform/failure.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { askPostgres, query } from '../lab/postgres.ts'
import type { BootedNode } from './scene.ts'

/** Roles that differ in one thing each from the first, which is let in. */
const roles = [
  { name: 'lab_plain', attributes: 'LOGIN', welcome: true },
  { name: 'lab_expired', attributes: "LOGIN VALID UNTIL 'yesterday'", welcome: false },
  { name: 'lab_super', attributes: 'LOGIN SUPERUSER', welcome: false },
  { name: 'lab_replication', attributes: 'LOGIN REPLICATION', welcome: false },
  { name: 'lab_locked', attributes: 'NOLOGIN', welcome: false },
]

/** Who gets through the pooler with the right password, and that nobody does with a wrong one. */
export async function checkPoolerLogins({ lab, cluster, shell, addresses }: BootedNode): Promise<LabFinding> {
  const password = randomBytes(18).toString('base64url')
  const database = cluster.databases[0]?.name ?? ''
  const enters = async (user: string, given = password): Promise<boolean> => {
    const login = { host: addresses.ipv4, port: cluster.pgbouncer.port, user, password: given, database }
    return await isLetIn(() => query(lab, login, 'SELECT current_user'), user)
  }
  const make = roles.map(({ name, attributes }) => `CREATE ROLE ${name} PASSWORD '${password}' ${attributes};\n`)
  await askPostgres(shell, make.join(''))
  try {
    const problems: string[] = []
    for (const { name, welcome } of roles) {
      if ((await enters(name)) !== welcome) problems.push(`${name} was ${welcome ? 'refused' : 'let in'}`)
    }
    if (await enters('lab_plain', `${password}x`)) problems.push('lab_plain was let in with a wrong password')
    if (await enters('lab_nobody')) problems.push('a role that does not exist was let in')
    return judge(problems, 'a plain role is let in; a wrong password, expired, super, replication and locked roles are refused')
  } finally {
    await askPostgres(shell, roles.map(({ name }) => `DROP ROLE IF EXISTS ${name};\n`).join(''))
  }
}

/** psql ends with 2 when its connection was refused; any other failure is no refusal. */
async function isLetIn(ask: () => Promise<string>, user: string): Promise<boolean> {
  try {
    return (await ask()) === user
  } catch (error) {
    if (error instanceof Failure && error.code === 'exit 2') return false
    throw error
  }
}
