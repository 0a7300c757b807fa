import { readFile, stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Cluster } from './cluster.ts'
import { checkCluster, isDefined } from './define.ts'
import { ConfigError, type Problem } from './problems.ts'

const MODULE_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs']
const MAX_JSON_BYTES = 10_000_000

function fileError(path: string, rule: string, fix: string, cause?: unknown): ConfigError {
  return new ConfigError([{ path, rule, fix }], 'the definition file', cause)
}

function reason(thrown: unknown): string {
  const [first = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')
  return first
}

/** A ConfigError also when another copy of this module threw it. */
function problemsOf(thrown: unknown): readonly Problem[] | undefined {
  if (thrown instanceof ConfigError) return thrown.problems
  const foreign = thrown instanceof Error && thrown.name === 'ConfigError' && 'problems' in thrown
  return foreign && Array.isArray(thrown.problems) ? thrown.problems : undefined
}

/** Loads a definition: the default export of a TypeScript or JavaScript file, or plain JSON. Throws {@link ConfigError}. */
export async function loadCluster(path: string): Promise<Cluster> {
  const absolute = resolve(path)
  const found = await stat(absolute).catch(() => undefined)
  if (found === undefined)
    throw fileError(path, 'there is no such file', 'name it with --config FILE, or copy ballast.config.ts')
  if (!found.isFile()) throw fileError(path, 'is not a file', 'name the definition file itself')
  const extension = extname(absolute)
  if (extension === '.json') return loadJson(path, absolute, found.size)
  if (!MODULE_EXTENSIONS.includes(extension))
    throw fileError(path, `'${extension}' is no kind of definition`, 'use .ts, .mts, .js, .mjs or .json')
  return loadModule(path, absolute)
}

async function loadJson(path: string, absolute: string, size: number): Promise<Cluster> {
  if (size > MAX_JSON_BYTES) throw fileError(path, `is over ${MAX_JSON_BYTES} bytes`, 'name the definition file itself')
  const text = await readFile(absolute, 'utf8')
  return checkCluster(parseJson(path, text), path)
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // The parser's message quotes the text around the mistake, which may hold what should not be logged.
    const [position = 'somewhere'] = /position \d+/.exec(reason(error)) ?? []
    throw fileError(path, `is not JSON (${position})`, 'correct it, or write the definition in TypeScript')
  }
}

async function loadModule(path: string, absolute: string): Promise<Cluster> {
  const loaded: { default?: unknown } = await import(pathToFileURL(absolute).href).catch((thrown: unknown) => {
    const problems = problemsOf(thrown)
    if (problems !== undefined) throw new ConfigError(problems, path, thrown)
    throw fileError(path, `cannot be imported (${reason(thrown)})`, 'correct it, then check it with: node --check', thrown)
  })
  if (loaded.default === undefined)
    throw fileError(path, 'has no default export', 'write export default defineCluster({ ... })')
  if (!isDefined(loaded.default)) {
    throw fileError(path, 'its default export was not made by defineCluster', 'write export default defineCluster({ ... })')
  }
  return loaded.default
}
