import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageRole } from '../../packer/roles.ts'
import { mayBootMachines } from '../support/booted-systemd.ts'
import { bakedImage } from './baked-images.ts'
import { imageKey, resultKey } from './input-keys.ts'
import { type FileResult, keepResult, keptResult } from './kept-results.ts'

/** A file of tests, with the roles whose images it boots. */
interface TestFile {
  file: string
  roles: readonly ImageRole[]
  /** It measures times, and nothing may run beside it. */
  measures: boolean
  /** Directories that its result follows from, beside those of all of them. */
  sources?: readonly string[]
}

/** What drills are made of. */
const rehearsed = ['handover', 'functions/replication', 'functions/platform/postgres']

const files: readonly TestFile[] = [
  { file: 'killed-bake.test.ts', roles: [], measures: false },
  { file: 'hardening.test.ts', roles: ['docker', 'primary', 'replica'], measures: false },
  { file: 'boot-replica.test.ts', roles: ['replica'], measures: false },
  { file: 'boot-docker.test.ts', roles: ['docker'], measures: false },
  { file: 'boot-primary.test.ts', roles: ['primary'], measures: true },
  { file: 'cluster.test.ts', roles: ['docker', 'primary', 'replica'], measures: true },
  { file: 'rehearsal.test.ts', roles: ['docker', 'primary', 'replica'], measures: true, sources: rehearsed },
]

const here = fileURLToPath(new URL('.', import.meta.url))
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

/** A file whose result is not known for the sources as they are. */
interface Pending extends TestFile {
  key: string
}

/**
 * Runs the tests of the images: what none of the sources has changed for is not run again. With a path as argument it writes
 * there what vitest's JSON report would say of all of them.
 */
async function runImageTests(reportFile: string | undefined): Promise<number> {
  const known: FileResult[] = []
  const pending: Pending[] = []
  for (const one of files) {
    const key = await resultKey(one.file, await Promise.all(one.roles.map(imageKey)), one.sources)
    const result = await keptResult(key)
    if (result === undefined) pending.push({ ...one, key })
    else known.push(result)
  }
  for (const { name } of known) console.log(`${basename(name)}: as before, for nothing that it follows from has changed`)
  const directories = await bakeAll(new Set(pending.flatMap(({ roles }) => roles)))
  const ends = [
    await runFiles(
      pending.filter(({ measures }) => !measures),
      directories,
      2,
    ),
    await runFiles(
      pending.filter(({ measures }) => measures),
      directories,
      1,
    ),
  ]
  const results = [...known, ...ends.flatMap((end) => end.results)]
  if (reportFile !== undefined) await writeFile(reportFile, JSON.stringify(reportOf(results)))
  return Math.max(...ends.map(({ code }) => code))
}

async function bakeAll(roles: ReadonlySet<ImageRole>): Promise<Partial<Record<ImageRole, string>>> {
  const directories: Partial<Record<ImageRole, string>> = {}
  for (const role of roles) directories[role] = await bakedImage(role)
  return directories
}

async function runFiles(
  pending: readonly Pending[],
  directories: Partial<Record<ImageRole, string>>,
  workers: number,
): Promise<{ code: number; results: FileResult[] }> {
  if (pending.length === 0) return { code: 0, results: [] }
  const scratch = await mkdtemp(join(tmpdir(), 'ballast-test-'))
  try {
    const output = join(scratch, 'vitest.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${output}`]
    const options = ['--config', join(here, 'vitest.config.ts'), `--maxWorkers=${workers}`, ...reporters]
    const args = [vitest, 'run', ...options, ...pending.map(({ file }) => join(here, file))]
    const env = { ...process.env, BALLAST_TEST_IMAGES: JSON.stringify(directories) }
    const [code] = (await once(spawn(process.execPath, args, { env, stdio: 'inherit' }), 'exit')) as [number | null]
    const { testResults: results } = JSON.parse(await readFile(output, 'utf8')) as { testResults: FileResult[] }
    for (const result of results.filter(({ status }) => status === 'passed')) {
      const passed = pending.find(({ file }) => file === basename(result.name))
      if (passed !== undefined) await keepResult(passed.key, result)
    }
    return { code: code ?? 1, results }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function reportOf(testResults: readonly FileResult[]): object {
  const count = (status: string): number =>
    testResults.flatMap(({ assertionResults }) => assertionResults).filter((result) => result.status === status).length
  return { numPassedTests: count('passed'), numFailedTests: count('failed'), testResults }
}

if (mayBootMachines) {
  process.exitCode = await runImageTests(process.argv[2])
} else {
  console.log('The tests of the images bake disks and boot machines, which takes a root that may mount: they are not run here.')
}
