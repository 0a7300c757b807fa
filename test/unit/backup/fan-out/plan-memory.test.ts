import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Of V8's old generation: more than this, and the program dies. */
const heapMegabytes = 400
const program = join(import.meta.dirname, '../../../support/programs/plan-a-million.ts')

it('a million chunks are planned in less than 300 MB more than their tables take', { timeout: 300_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-plan-'))
  try {
    const args = ['--expose-gc', `--max-old-space-size=${heapMegabytes}`, program, directory]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const measured = JSON.parse(stdout) as { chunks: number; megabytesOfTables: number }
    expect(measured.chunks).toBeGreaterThan(1_000_000)
    expect(heapMegabytes - measured.megabytesOfTables).toBeLessThan(300)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
