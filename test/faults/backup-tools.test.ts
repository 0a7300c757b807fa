import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { useBackupBench } from '../support/backup-bench.ts'
import type { ExpectedFailure } from '../support/backup-case.ts'
import { onlyWork, type ToolScripts, wrapTools } from '../support/wrapped-tools.ts'

const bench = useBackupBench('tools')
let directories = 0

async function toolsWith(scripts: ToolScripts): Promise<string> {
  directories += 1
  return wrapTools(join(bench.directory, `tools-${directories}`), bench.sandbox.pgBin, scripts)
}

afterEach(() => bench.expectNoTraces())

const half = '"$real" "$@" | head -c 2000'
const tool = (name: string): Pick<ExpectedFailure, 'subject'> => ({ subject: new RegExp(`^${name}$`) })

const faults: [name: string, scripts: ToolScripts, expected: ExpectedFailure][] = [
  [
    'pg_dump exits 1 midway',
    { pg_dump: `${onlyWork}${half}; echo 'pg_dump: error: out of memory' >&2; exit 1` },
    { kind: 'permanent', code: 'exit 1', message: /pg_dump exited with code 1: .*out of memory/, ...tool('pg_dump') },
  ],
  [
    'pg_dump is killed midway',
    { pg_dump: `${onlyWork}${half}; kill -KILL $$` },
    { kind: 'transient', code: 'SIGKILL', hint: /out-of-memory/, ...tool('pg_dump') },
  ],
  [
    'pg_dump crashes after its last byte',
    { pg_dump: `${onlyWork}"$real" "$@"; kill -SEGV $$` },
    { kind: 'transient', code: 'SIGSEGV', ...tool('pg_dump') },
  ],
  [
    'pg_dump is missing',
    { pg_dump: undefined },
    { kind: 'config', code: 'NO_CLIENT_TOOLS', message: /no PostgreSQL client tools/, hint: /apt-get install/ },
  ],
  [
    'pg_dump is removed while the run goes on',
    { pg_dump: '"$real" "$@"; exec rm "$0"' },
    { kind: 'config', code: 'ENOENT', message: /does not exist/, ...tool('pg_dump') },
  ],
  [
    'pg_dump loses its right to be run while the run goes on',
    { pg_dump: '"$real" "$@"; exec chmod 644 "$0"' },
    { kind: 'permanent', code: 'EACCES', ...tool('pg_dump') },
  ],
  [
    'pg_dump prints nothing and exits 0',
    { pg_dump: `${onlyWork}exit 0` },
    { kind: 'permanent', code: 'NOT_WHOLE', message: /no whole schema.dump/, ...tool('pg_dump') },
  ],
  [
    'pg_dump prints something else and exits 0',
    { pg_dump: `${onlyWork}echo 'Your licence has expired.'` },
    { kind: 'permanent', code: 'NOT_WHOLE', ...tool('pg_dump') },
  ],
  [
    'pg_dumpall exits 1 midway',
    { pg_dumpall: `${onlyWork}"$real" "$@" | head -c 300; exit 1` },
    { kind: 'permanent', code: 'exit 1', ...tool('pg_dumpall') },
  ],
  [
    'pg_dumpall is killed',
    { pg_dumpall: `${onlyWork}kill -KILL $$` },
    { kind: 'transient', code: 'SIGKILL', ...tool('pg_dumpall') },
  ],
  ['pg_dumpall prints nothing and exits 0', { pg_dumpall: `${onlyWork}exit 0` }, { kind: 'permanent', ...tool('pg_dumpall') }],
  [
    'pg_dumpall is cut short and exits 0',
    { pg_dumpall: `${onlyWork}"$real" "$@" | head -c 300` },
    { kind: 'permanent', code: 'NOT_WHOLE', ...tool('pg_dumpall') },
  ],
  [
    'the tools are older than the server',
    { pg_dump: 'echo "pg_dump (PostgreSQL) 13.22"' },
    { kind: 'config', code: 'NO_CLIENT_TOOLS', message: /13\.22/, hint: /BALLAST_PG_BIN/ },
  ],
  [
    'a tool reports an error of the server in words',
    { pg_dump: `${onlyWork}echo 'pg_dump: error: query failed: ERROR:  permission denied for table orders' >&2; exit 1` },
    { kind: 'permanent', code: '42501', hint: /pg_read_all_data/, ...tool('pg_dump') },
  ],
]

describe('a backup whose tools fail', () => {
  it.each(faults)('%s', async (_, scripts, expected) => {
    const one = await bench.begin()
    await one.fails(expected, { env: { BALLAST_PG_BIN: await toolsWith(scripts) } })
  })

  it('BALLAST_PG_BIN names a directory without tools', async () => {
    const one = await bench.begin()
    await one.fails({ kind: 'config', message: /BALLAST_PG_BIN/ }, { env: { BALLAST_PG_BIN: bench.directory } })
  })

  it('there is no directory for temporary files', async () => {
    const one = await bench.begin()
    process.env.TMPDIR = join(bench.directory, 'missing')
    try {
      await one.fails({ kind: 'permanent', code: 'ENOENT', hint: /TMPDIR/ })
    } finally {
      process.env.TMPDIR = bench.temporary
    }
  })

  it('pg_dump hangs until the run is given up', async () => {
    const one = await bench.begin()
    const stop = new AbortController()
    const env = { BALLAST_PG_BIN: await toolsWith({ pg_dump: `${onlyWork}exec sleep 1000` }) }
    const running = one.fails({ kind: 'transient' }, { env, signal: stop.signal, onProgress: () => stop.abort() })
    expect((await running).hint).toMatch(/again/)
  })

  it('pg_dump ignores SIGTERM when another part has failed', async () => {
    const one = await bench.begin()
    const stubborn = `${onlyWork}trap '' TERM\nwhile :; do sleep 0.1; done`
    const scripts = { pg_dump: stubborn, pg_dumpall: `${onlyWork}exit 1` }
    await one.fails(
      { kind: 'permanent', code: 'exit 1', ...tool('pg_dumpall') },
      { env: { BALLAST_PG_BIN: await toolsWith(scripts) } },
    )
  })
})
