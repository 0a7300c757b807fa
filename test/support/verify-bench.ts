import { cpSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type SetAddress, setPrefix } from '../../functions/archive/keys.ts'
import { type Manifest, parseManifest, serializeManifest } from '../../functions/archive/manifest.ts'
import { restoreScript } from '../../functions/archive/restore-script.ts'
import { type BackupOptions, backup } from '../../functions/backup/backup.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { FileSettings } from '../../functions/platform/object-store/settings.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { VerifyReport } from '../../functions/verify/report.ts'
import { type RestoredHere, withRestored } from '../../functions/verify/restored-set.ts'
import { type VerifyOptions, verify } from '../../functions/verify/verify.ts'
import { serversDirectory } from './servers-directory.ts'

/** A set in a directory, which tests verify and damage; copies of it lie beside it. */
export class VerifyBench {
  readonly root: string
  readonly name: string
  readonly address: SetAddress
  readonly env: NodeJS.ProcessEnv

  constructor(root: string, name: string, address: SetAddress, env: NodeJS.ProcessEnv) {
    this.root = root
    this.name = name
    this.address = address
    this.env = env
  }

  get store(): FileSettings {
    return { type: 'file', directory: join(this.root, this.name) }
  }

  /** Where scratch servers are made; empty when nothing was left behind. */
  get scratch(): string {
    return join(this.root, 'scratch')
  }

  path(file: string): string {
    return join(this.store.directory, setPrefix(this.address), file)
  }

  async leftovers(): Promise<string[]> {
    return await readdir(this.scratch)
  }

  async evidence(): Promise<string[]> {
    return (await readdir(this.path('evidence')).catch(() => [])).sort()
  }

  /** A copy of the set as it is now. */
  copy(name: string): VerifyBench {
    cpSync(this.store.directory, join(this.root, name), { recursive: true })
    return new VerifyBench(this.root, name, this.address, this.env)
  }

  async verify(changed: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
    return await verify({ store: this.store, address: this.address, jobs: 2, env: this.env, ...changed })
  }

  async manifest(): Promise<Manifest> {
    return parseManifest(await readFile(this.path('manifest.json')), this.address.set)
  }

  /** Changes the manifest as somebody would who knows how to sign it, and writes the restore script that goes with it. */
  async editManifest(edit: (manifest: Manifest) => void): Promise<void> {
    const manifest = await this.manifest()
    edit(manifest)
    await writeFile(this.path('manifest.json'), serializeManifest(manifest))
    await writeFile(this.path('restore.sh'), restoreScript(manifest))
  }

  /** Restores the set and hands it over, to be tampered with. */
  async withRestored<T>(use: (restored: RestoredHere) => Promise<T>): Promise<T> {
    const store = openStore(this.store)
    try {
      const { address, env } = this
      return await withRestored(
        { store, storeSettings: this.store, address, manifest: await this.manifest(), jobs: 2, env },
        use,
      )
    } finally {
      store.close()
    }
  }
}

/** Backs a database up into a directory of its own. */
export async function makeVerifyBench(url: string, pgBin: string, changed: Partial<BackupOptions> = {}): Promise<VerifyBench> {
  const root = await mkdtemp(join(serversDirectory(), 'ballast-bench-'))
  await chmod(root, 0o755)
  await mkdir(join(root, 'scratch'))
  await chmod(join(root, 'scratch'), 0o755)
  const env = { BALLAST_PG_BIN: pgBin, BALLAST_SCRATCH_DIR: join(root, 'scratch') }
  const manifest = await backup({
    connection: resolveConnection(url, {}),
    store: { type: 'file', directory: join(root, 'set') },
    cluster: 'verify',
    workers: 2,
    compressionLevel: 1,
    lockWaitSeconds: 10,
    rolePasswords: false,
    env,
    ...changed,
  })
  const { cluster, database, set } = manifest.summary
  return new VerifyBench(root, 'set', { cluster, database, set }, env)
}

export async function removeVerifyBench(bench: VerifyBench | undefined): Promise<void> {
  if (bench !== undefined) await rm(bench.root, { recursive: true, force: true })
}
