import { createHash, type Hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPacker } from '../../functions/images/bake/find-packer.ts'
import { findQemu } from '../../functions/platform/qemu/programs.ts'
import { renderTemplates } from '../../packer/render.ts'
import { type ImageRole, isDatabase } from '../../packer/roles.ts'
import cluster from './lab.config.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

/** What turns rendered files into a disk. */
const bakeSources = ['functions/images/bake', 'functions/images/base', 'functions/images/seal', 'functions/images/tree']
const platformSources = ['functions/platform/guard', 'functions/platform/process', 'functions/platform/qemu']
/** What looks at the disk afterwards, with the test file itself. */
const testSources = ['functions/images', 'test/images']

/** What boots and spoils an image for hardening.test.ts, from elsewhere. */
const hardeningSources =
  /^(support\/booted-systemd\.ts|support\/programs\/(boot-image|machine-root)\.sh|unit\/images\/seal\/(mutations|plant)\.ts)$/

/** Scripts and files that only the other kind of role has; whatever is not named here is everybody's. */
const ofDatabases = /^(root\/database\/|(verify\/)?set-(postgres|tuner|pgbouncer|pgbackrest|first-boot)\.sh$)/
const ofDocker = /^(root\/docker\/|(verify\/)?set-(docker|application)\.sh$)/

/** Names everything that a role's image is made from: 16 hex digits. */
export async function imageKey(role: ImageRole): Promise<string> {
  const hash = createHash('sha256')
  for (const { path, text } of renderTemplates(cluster, 'lab', 'legacy')) {
    if (path.startsWith(`${role}/qemu/`) || path.startsWith(`${role}/root/`)) hash.update(`${path}\0${text}\0`)
  }
  const foreign = isDatabase(role) ? ofDocker : ofDatabases
  await addFiles(hash, 'image-scripts', (path) => !foreign.test(path))
  for (const directory of [...bakeSources, ...platformSources]) await addFiles(hash, directory)
  const [packer, qemu] = [await findPacker(process.env), await findQemu(process.env)]
  return hash.update(`${packer.version}\0${qemu.version}`).digest('hex').slice(0, 16)
}

/**
 * Names everything that the result of a test file follows from: the file's images, and what looks at them.
 *
 * @param sources directories that only this file's result follows from.
 */
export async function resultKey(file: string, imageKeys: readonly string[], sources: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256').update([file, ...imageKeys].join('\0'))
  const isOtherTest = (path: string): boolean => path.endsWith('.test.ts') && path !== file
  for (const directory of [...testSources, ...platformSources, ...sources]) {
    await addFiles(hash, directory, (path) => !isOtherTest(path))
  }
  await addFiles(hash, 'docs', (path) => path === 'hardening.md')
  await addFiles(hash, 'test', (path) => hardeningSources.test(path))
  return hash.digest('hex').slice(0, 16)
}

async function addFiles(hash: Hash, directory: string, wanted: (path: string) => boolean = () => true): Promise<void> {
  const root = join(project, directory)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
  for (const file of files.filter(wanted).sort()) {
    hash
      .update(`${directory}/${file}\0`)
      .update(await readFile(join(root, file)))
      .update('\0')
  }
}
