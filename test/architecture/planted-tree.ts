import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { root } from './tracked-files.ts'

/** One complaint of Biome. */
export interface Complaint {
  path: string
  /** From 1. */
  line: number
  /** As the configuration names it, without its group: `noRestrictedImports`. */
  rule: string
}

const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
const maxReportBytes = 16 * 1024 * 1024

const report = z.object({
  summary: z.object({ unchanged: z.number() }),
  diagnostics: z.array(
    z.object({
      category: z.string(),
      location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }),
    }),
  ),
})

/**
 * Lints files that nobody should write, with the project's own configuration and in the project's own layout, but in a
 * directory of their own. Fails when Biome did not look at every one of them.
 *
 * @param files content by path.
 */
export async function lintPlanted(files: ReadonlyMap<string, string>): Promise<Complaint[]> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-planted-'))
  try {
    for (const name of ['biome.json', 'package.json', '.gitignore']) await cp(join(root, name), join(directory, name))
    for (const [path, content] of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true })
      await writeFile(join(directory, path), content)
    }
    const { summary, diagnostics } = report.parse(JSON.parse(await lint(directory)))
    const configurations = 2
    if (summary.unchanged !== files.size + configurations) {
      throw new Error(`Biome looked at ${summary.unchanged} files, of ${files.size} planted and ${configurations} of its own`)
    }
    return diagnostics.map(({ category, location }) => ({
      path: location.path,
      line: location.start.line,
      rule: category.split('/').at(-1) ?? category,
    }))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Biome's report; that it found something to complain of is no error here. */
function lint(cwd: string): Promise<string> {
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: maxReportBytes }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout)
      else reject(new Error(`Biome gave no report: ${stderr}`, { cause: error }))
    })
  })
}
