import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const dpkg = '/var/lib/dpkg'
/** Directories that are links into /usr now, though some packages still name them. */
const movedIntoUsr = /^\/(bin|lib|lib64|sbin)\//

/** What dpkg knows of the files that packages bring: the MD5 of each, by path. A tree without dpkg has none. */
export async function packagedFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>()
  const add = (path: string, md5: string) => sums.set(path.replace(movedIntoUsr, '/usr/$1/'), md5)
  const directory = join(root, dpkg, 'info')
  const lists = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.md5sums'))
  for (const list of lists) {
    const text = await readFile(join(directory, list), 'utf8')
    for (const [, md5 = '', path = ''] of text.matchAll(/^([0-9a-f]{32}) {2}(.+)$/gm)) add(`/${path}`, md5)
  }
  // Settings are listed in the status file alone: ` /etc/ssh/moduli 0123... [obsolete]`.
  const status = await readFile(join(root, dpkg, 'status'), 'utf8').catch(() => '')
  for (const [, path = '', md5 = ''] of status.matchAll(/^ (\/\S+) ([0-9a-f]{32})(?: obsolete)?$/gm)) add(path, md5)
  return sums
}

/** Whether a file of the tree is, byte for byte, what its package brings: public, whatever it looks like. */
export async function isAsPackaged(root: string, path: string, packaged: ReadonlyMap<string, string>): Promise<boolean> {
  const expected = packaged.get(path)
  if (expected === undefined) return false
  const hash = createHash('md5')
  for await (const part of createReadStream(join(root, path))) hash.update(part as Buffer)
  return hash.digest('hex') === expected
}
