import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../../functions/platform/outcome.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import { cliBackup } from '../support/cli-backup.ts'
import { ballast } from '../support/run-cli.ts'

const bench = useBackupBench('directory', { size: 'large' })
const run = promisify(execFile)
const lookIntoStore = fileURLToPath(new URL('../support/programs/look-into-store.ts', import.meta.url))

afterEach(() => bench.expectNoTraces())

/** What came of a backup: its outcome, the states of the sets that are then listed, and the files that a sweep leaves. */
interface Answers {
  backup: Outcome
  sets: string[]
  files: string[]
}

/**
 * Backs up into a directory with a mount of its own over it, which nobody outside these commands sees; then lists and sweeps.
 *
 * @param meanwhile shell commands that run beside the backup, and `after` it.
 */
async function backUpInto(mount: string, meanwhile = ':', after = ':'): Promise<Answers> {
  const one = await bench.begin()
  const directory = await mkdtemp(join(bench.directory, 'store-'))
  const { args, env } = cliBackup(one, `file://${directory}`)
  const script = `mount ${mount} "$1"; directory=$1; node=$2; look=$3; shift 3
    { ${meanwhile}; } >/dev/null 2>&1 &
    "$0" "$@" 2>/dev/null
    wait
    ${after}
    exec "$node" "$look" "$directory"`
  const inside = [
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    script,
    ballast,
    directory,
    process.execPath,
    lookIntoStore,
    ...args,
  ]
  const { stdout } = await run('unshare', inside, { cwd: '/', env: { PATH: process.env.PATH, ...env } })
  const [backup = '', look = ''] = stdout.trimEnd().split('\n')
  return { backup: JSON.parse(backup) as Outcome, ...(JSON.parse(look) as Omit<Answers, 'backup'>) }
}

describe('a backup into a directory', () => {
  it.each<[string, string, object]>([
    [
      'on a disk that is full after 4 MB',
      'size=4m',
      { kind: 'permanent', code: 'ENOSPC', hint: expect.stringContaining('prune') },
    ],
    ['on a disk that is full at once', 'size=4k', { kind: 'permanent', code: 'ENOSPC' }],
    ['on a disk that runs out of inodes', 'nr_inodes=12', { kind: 'permanent', code: 'ENOSPC' }],
    ['that is read-only', 'ro', { kind: 'permanent', code: 'EROFS' }],
  ])('%s', async (_, mountOption, failure) => {
    const { backup, sets, files } = await backUpInto(`-t tmpfs -o ${mountOption} none`)
    expect(backup).toMatchObject({ ok: false, failure })
    expect(sets.filter((state) => state !== 'incomplete')).toEqual([])
    expect(files).toEqual([])
  })

  it('whose disk is exchanged for a read-only one midway', async () => {
    const meanwhile = 'while [ -z "$(find "$directory" -name "*.zst")" ]; do :; done; mount -t tmpfs -o ro none "$directory"'
    const { backup, sets, files } = await backUpInto('-t tmpfs none', meanwhile, 'umount "$directory"')
    expect(backup).toMatchObject({ ok: false, failure: { kind: 'permanent' } })
    expect(backup.failure?.hint).not.toBe('')
    expect(sets).toEqual(['incomplete'])
    expect(files).toEqual([])
  })

  it('that is a file', async () => {
    const one = await bench.begin()
    const path = join(bench.directory, 'file')
    await writeFile(path, '')
    await one.fails({ kind: 'permanent', code: 'KeyConflict' }, { store: { type: 'file', directory: path } })
  })

  it('that may be listed and not written to', async () => {
    const one = await bench.begin()
    const directory = join(bench.directory, 'immutable')
    await mkdir(directory)
    await run('chattr', ['+i', directory])
    try {
      await one.fails({ kind: 'permanent', code: 'AccessDenied' }, { store: { type: 'file', directory } })
    } finally {
      await run('chattr', ['-i', directory])
    }
  })
})
