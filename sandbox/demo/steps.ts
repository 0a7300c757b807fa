import { readFile } from 'node:fs/promises'
import type { SetAddress } from '../../functions/archive/keys.ts'
import { backup } from '../../functions/backup/backup.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { restore } from '../../functions/restore/restore.ts'
import { verify } from '../../functions/verify/verify.ts'
import { damagedCopy } from './damaged-copy.ts'
import { cluster, type DemoScene, database } from './scene.ts'

const jobs = 2
/** Where the demo restores to. */
export const restoredDatabase = 'app_restored'

/** Each step returns what came of it, in words; what is not as it should be throws. */
export async function loadSample({ sandbox }: DemoScene): Promise<string> {
  const script = await readFile(new URL('./sample-shop.sql', import.meta.url), 'utf8')
  await sandbox.psql(sandbox.pgbouncer.url(database), script)
  return 'a small shop: partitions, enums, jsonb, views, sequences'
}

export async function backUp({ sandbox, store, env, signal }: DemoScene): Promise<{ address: SetAddress; words: string }> {
  await sandbox.waitForStandby()
  const connection = resolveConnection(sandbox.standbyBackupUrl(database), env)
  const settings = { workers: jobs, compressionLevel: 1, lockWaitSeconds: 10, rolePasswords: false }
  const { summary } = await backup({ connection, store, cluster, ...settings, env, signal })
  const { set, tables, rows, rawBytes, storedBytes } = summary
  const words = `${tables} tables, ${count(rows)} rows, ${megabytes(rawBytes)} of text stored in ${megabytes(storedBytes)}`
  return { address: { cluster, database, set }, words }
}

export async function prove({ store, env, signal }: DemoScene, address: SetAddress): Promise<string> {
  const report = await verify({ store, address, jobs, env, signal })
  if (!report.equal) throw new Error(`the fresh backup differs from its source: ${JSON.stringify(report.findings)}`)
  return 'equal to the source at the snapshot, table by table; evidence stored'
}

export async function backUpAgain(scene: DemoScene): Promise<string> {
  const { address, words } = await backUp(scene)
  await prove(scene, address)
  return `${words}; equal to the source`
}

export async function restoreAside({ sandbox, store, env, signal }: DemoScene, address: SetAddress): Promise<string> {
  await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE ${restoredDatabase} TEMPLATE template0 OWNER app`)
  const target = resolveConnection(sandbox.primary.adminUrl(restoredDatabase), env)
  const everything = { clean: false, noOwner: false, noPrivileges: false, roles: false, schemas: [], tables: [] }
  await restore({ store, address, target, jobs, ...everything, env, signal })
  const ordersIn = async (name: string): Promise<number> =>
    Number(await sandbox.psql(sandbox.primary.adminUrl(name), 'SELECT count(*) FROM shop.orders'))
  const [restored, live] = [await ordersIn(restoredDatabase), await ordersIn(database)]
  return `${restoredDatabase}: ${count(restored)} orders; the live database has ${count(live)} by now`
}

export async function findDamage({ store, spareStore, env, signal }: DemoScene, address: SetAddress): Promise<string> {
  const [from, to] = [openStore(store), openStore(spareStore)]
  const file = await damagedCopy(from, to, address).finally(() => {
    from.close()
    to.close()
  })
  const report = await verify({ store: spareStore, address, jobs, env, signal })
  const found = report.findings.some(({ subject, problem }) => `${subject} ${problem}`.includes(file))
  if (report.equal || !found) throw new Error('verification passed a damaged set')
  return `caught: ${file} is not what the backup stored`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
