import { join } from 'node:path'
import { globalsFile, type SetAddress, schemaFile } from '../../functions/archive/keys.ts'
import { readManifest } from '../../functions/archive/read-set.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { findClientTools } from '../../functions/platform/postgres/client-tools.ts'
import { openSession } from '../../functions/platform/postgres/session.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { privateDirectory } from '../../functions/platform/process/private-directory.ts'
import { openContents } from '../../functions/restore/set-contents.ts'
import { downloadFile, readTocOf } from '../../functions/restore/set-files.ts'
import { compareRestored } from '../../functions/verify/compare.ts'
import { connectionTo } from '../../functions/verify/databases.ts'
import { Findings } from '../../functions/verify/findings.ts'
import { restoreSchema } from '../../functions/verify/restored-set.ts'

/** What verification finds in a database that a set was restored into some other way. @param server as its superuser. */
export async function compareDatabase(
  store: ObjectStore,
  address: SetAddress,
  { server, name, env }: { server: ConnectionSettings; name: string; env: NodeJS.ProcessEnv },
): Promise<Findings> {
  const { path: workDirectory, dispose } = await privateDirectory('compare-database-')
  const session = await openSession(server)
  try {
    const manifest = await readManifest(store, address)
    const contents = await openContents(store, address, manifest, undefined)
    const [archive, globals] = [join(workDirectory, schemaFile), join(workDirectory, globalsFile)]
    await downloadFile(contents, schemaFile, archive)
    await downloadFile(contents, globalsFile, globals)
    const [toc, tools] = [await readTocOf(archive), await findClientTools(Math.floor(session.versionNum / 10_000), env)]
    const place = { session, tools, workDirectory, madeDatabases: [] }
    const findings = new Findings()
    await compareRestored(
      {
        ...{ manifest, connection: connectionTo(server, name), tools, archive, globals, toc, workDirectory, jobs: 2 },
        ...{ kind: 'target', sameLocale: true, foreignRoles: new Set([server.user]) },
        restoreSchema: () =>
          restoreSchema(
            place,
            manifest,
            { archive, toc },
            { name: `${name}_schema`, owner: undefined, jobs: 2, signal: undefined },
          ),
      },
      findings,
    )
    return findings
  } finally {
    await session.query(`DROP DATABASE IF EXISTS "${name}_schema"`)
    await session.close()
    await dispose()
  }
}
