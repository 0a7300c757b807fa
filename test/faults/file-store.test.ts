import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { all, collect } from '../support/bytes.ts'
import { failureOf } from '../support/failures.ts'

const run = promisify(execFile)
const fillStore = fileURLToPath(new URL('../support/programs/fill-store.ts', import.meta.url))
const megabyte = 1024 * 1024

let directory: string
let store: ObjectStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-store-'))
  store = openStore({ type: 'file', directory })
})

afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

/** Fills the directory with a mount of its own over it, which nobody outside the command sees. */
async function fillMounted(mount: string): Promise<{ stored: string[]; failure: unknown }> {
  const script = `mount ${mount} "$1" && shift && exec "$@"`
  const program = [process.execPath, fillStore, directory, String(megabyte)]
  const { stdout } = await run('unshare', ['--map-root-user', '--mount', 'sh', '-c', script, 'sh', directory, ...program])
  const lines = stdout.trim().split('\n')
  return { stored: lines.slice(0, -1), failure: JSON.parse(lines.at(-1) ?? '') }
}

describe('a directory store on a bad day', () => {
  it('reports a full disk, and frees what the failed upload took', async () => {
    const { stored, failure } = await fillMounted('-t tmpfs -o size=4m none')
    expect(stored.length).toBeGreaterThanOrEqual(2)
    expect(failure).toMatchObject({
      kind: 'permanent',
      code: 'ENOSPC',
      hint: expect.stringContaining('disk is full'),
      pending: 0,
    })
  })

  it('reports a read-only file system', async () => {
    const { failure } = await fillMounted('-t tmpfs -o ro none')
    expect(failure).toMatchObject({ kind: 'permanent', code: 'EROFS' })
  })

  it('reports a directory that it may not write to', async () => {
    const closed = join(directory, 'closed')
    await mkdir(closed)
    await chmod(closed, 0o500)
    await chmod(directory, 0o711)
    const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const { stdout } = await run(process.execPath, [fillStore, closed, '1'], asNobody)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'permanent', code: 'AccessDenied' })
  })

  it('shows whole objects only after a kill, and the unfinished upload as pending', async () => {
    const child = spawn(process.execPath, [fillStore, directory, String(64 * megabyte)])
    await once(child.stdout, 'data')
    const begun = async () => (await all(store.pendingUploads(''))).length > 0
    while (!(await begun()));
    child.kill('SIGKILL')
    await once(child, 'exit')
    const pages = await all(store.list(''))
    const objects = pages.flatMap((page) => page.objects)
    expect(objects.length).toBeGreaterThanOrEqual(1)
    expect(objects.every(({ bytes }) => bytes === 64 * megabyte)).toBe(true)
    for (const upload of await all(store.pendingUploads('set/'))) await store.abortUpload(upload)
    expect(await all(store.pendingUploads(''))).toEqual([])
    expect(await readdir(join(directory, '.ballast-uploads'))).toEqual([])
  })

  it('refuses a key below another object, and one that others are below', async () => {
    await store.put('a', Buffer.from('kept'))
    await store.put('b/c', Buffer.from('kept'))
    const conflict = { kind: 'permanent', code: 'KeyConflict' }
    expect(await failureOf(store.put('a/b', Buffer.from('x')))).toMatchObject(conflict)
    expect(await failureOf(store.put('b', Buffer.from('x')))).toMatchObject(conflict)
    expect((await collect(store.read('a'))).toString()).toBe('kept')
    expect((await collect(store.read('b/c'))).toString()).toBe('kept')
    expect(await all(store.pendingUploads(''))).toEqual([])
  })

  it('keeps its unfinished uploads out of reach of keys', async () => {
    const bad = { kind: 'config', code: 'BadKey' }
    expect(await failureOf(store.put('.ballast-uploads/x', Buffer.from('x')))).toMatchObject(bad)
    const stray = { key: 'a', uploadId: '../../escape', startedMs: 0 }
    expect(await failureOf(store.abortUpload(stray))).toMatchObject({ kind: 'config', code: 'BadUploadId' })
  })

  it('leaves no empty folder behind when it deletes', async () => {
    await store.put('a/b/c', Buffer.from('x'))
    await store.put('a/d', Buffer.from('x'))
    await store.delete(['a/b/c'])
    expect(await readdir(join(directory, 'a'))).toEqual(['d'])
    await store.delete(['a/d'])
    expect(await readdir(directory)).toEqual(['.ballast-uploads'])
  })

  it('lets nobody else read what it keeps', async () => {
    await store.put('set/object', Buffer.from('x'))
    for (const path of ['set', 'set/object']) expect((await stat(join(directory, path))).mode & 0o077).toBe(0)
  })

  it('refuses a name that is too long for a file', async () => {
    const failure = await failureOf(store.put('x'.repeat(256), Buffer.from('x')))
    expect(failure).toMatchObject({ kind: 'config', code: 'BadKey' })
  })

  it('lists neither symbolic links nor empty folders', async () => {
    await store.put('a', Buffer.from('x'))
    await mkdir(join(directory, 'empty/deep'), { recursive: true })
    await symlink('/etc', join(directory, 'link'))
    const [page] = await all(store.list('', { delimiter: '/' }))
    expect(page).toMatchObject({ objects: [{ key: 'a' }], prefixes: [] })
  })

  it('fails when a file becomes shorter while it is read', async () => {
    await store.put('a', Buffer.alloc(2 * megabyte, 'x'))
    const reading = async () => {
      for await (const _ of store.read('a')) await writeFile(join(directory, 'a'), 'short')
    }
    expect(await failureOf(reading())).toMatchObject({ kind: 'transient', code: 'TruncatedBody' })
  })
})
