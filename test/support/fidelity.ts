import { readFile } from 'node:fs/promises'
import type { SandboxConnections } from '../../sandbox/connections.ts'

const fixture = (name: string): Promise<string> => readFile(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')

/** Creates a database with every kind of object that a backup must carry over; returns the superuser's URL of it. */
export async function createFidelityDatabase(sandbox: SandboxConnections, name: string): Promise<string> {
  await sandbox.psql(sandbox.primary.adminUrl(), await fixture('fidelity-roles.sql'))
  await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE ${name} OWNER fidelity_owner TEMPLATE template0`)
  const url = sandbox.primary.adminUrl(name)
  await sandbox.psql(url, await fixture('fidelity.sql'))
  return url
}

/** The same database as the role that backs it up: no superuser, and past row security. */
export function asFidelityBackup(url: string): string {
  const changed = new URL(url)
  changed.username = 'fidelity_backup'
  changed.password = 'fidelity'
  return changed.href
}
