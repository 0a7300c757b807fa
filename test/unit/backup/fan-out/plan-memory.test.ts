import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = join(import.meta.dirname, '../../../support/programs/plan-a-million.ts')

it('a million chunks are planned in less than 300 MB more than their tables take', { timeout: 300_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-plan-'))
  try {
    // Hardly more heap than is needed (340): what is not needed any more must be let go, also where the collector would have time.
    const args = ['--max-old-space-size=360', program, directory]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const measured = JSON.parse(stdout) as { chunks: number; megabytesMore: number }
    expect(measured.chunks).toBeGreaterThan(1_000_000)
    expect(measured.megabytesMore).toBeLessThan(300)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
