import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'
import { findProgram, programDirectories } from '../process/programs.ts'
import { run } from '../process/run.ts'

/** What cloud-init's NoCloud source reads at boot: file name and content. */
export interface Seed {
  'user-data': string
  'meta-data': string
  'network-config'?: string
}

const withinMs = 60_000

/** Writes a seed as the ISO image that is attached to a guest as a further disk. */
export async function writeSeedDisk(path: string, seed: Seed): Promise<void> {
  const program = await findProgram('genisoimage', await programDirectories(process.env))
  if (program === undefined) {
    throw new Failure('genisoimage is not installed: nothing can make the disk that a guest is configured by', {
      ...{ kind: 'config', subject: 'genisoimage', hint: 'Run `tools/setup --images`.' },
    })
  }
  // A seed may hold secrets, and so may the files that it is made of.
  const directory = await mkdtemp(join(dirname(path), 'seed-'))
  try {
    const names = Object.keys(seed)
    for (const [name, content] of Object.entries(seed)) await writeFile(join(directory, name), content, { mode: 0o600 })
    const args = ['-quiet', '-output', path, '-volid', 'cidata', '-joliet', '-rock', ...names]
    await writeFile(path, '', { mode: 0o600 })
    await run({ command: program, args, env: { LC_ALL: 'C.UTF-8' }, cwd: directory, timeoutMs: withinMs })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
