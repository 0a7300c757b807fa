import { join } from 'node:path'
import { throwIfAborted } from '../../platform/abort.ts'
import { type Finding, fail, ok } from '../../platform/check.ts'
import { isAsPackaged, packagedFiles } from '../tree/packaged-files.ts'
import { readWindows } from '../tree/read-windows.ts'
import { type TreeEntry, walkTree } from '../tree/walk-tree.ts'
import type { SealCheck } from './seal-check.ts'
import { sealChecks } from './seal-checks.ts'

/** Paths that a finding names; the rest it counts. */
const namedPaths = 5
/** How much of a file is looked at to tell text from a program. */
const probedBytes = 8 * 1024

/** What a check finds of one entry. */
interface EntryFinding {
  check: SealCheck
  what: string
}

/** What one check has found so far. */
interface Found {
  first: string[]
  total: number
}

/**
 * Looks at a mounted image: one finding for each check, in the checks' order. An entry counts for the first check that finds
 * something about it. Content that a package brings is public, and never a finding. Links are not followed and nothing is run,
 * so that a tree may be of any origin; memory does not grow with the files.
 *
 * @param root where the image's root is mounted; reading all of it needs root's rights.
 */
export async function checkSeal(root: string, signal?: AbortSignal): Promise<Finding[]> {
  const found = new Map<SealCheck, Found>(sealChecks.map((check) => [check, { first: [], total: 0 }]))
  const seen = new Set<string>()
  const packaged = await packagedFiles(root)
  const needed = new Set(sealChecks.flatMap(({ needs }) => needs ?? []))
  for await (const entry of walkTree(root)) {
    throwIfAborted(signal, root)
    if (needed.has(entry.path)) seen.add(entry.path)
    const finding = await findingOf(root, entry, packaged)
    if (finding === undefined) continue
    const { check, what } = finding
    add(found.get(check), `${entry.path} ${what}`)
  }
  for (const check of sealChecks) {
    if (check.needs !== undefined && !seen.has(check.needs)) add(found.get(check), `${check.needs} is missing`)
  }
  return sealChecks.map((check) => verdict(check, found.get(check)))
}

async function findingOf(
  root: string,
  entry: TreeEntry,
  packaged: ReadonlyMap<string, string>,
): Promise<EntryFinding | undefined> {
  const concerned = sealChecks.filter((check) => check.concerns(entry))
  for (const check of concerned) {
    const what = check.entry?.(entry)
    if (what !== undefined) return { check, what }
  }
  const readers = concerned.filter((check) => check.content !== undefined)
  const found = readers.length === 0 ? undefined : await findingInContent(join(root, entry.path), readers)
  return found !== undefined && (await isAsPackaged(root, entry.path, packaged)) ? undefined : found
}

async function findingInContent(path: string, checks: readonly SealCheck[]): Promise<EntryFinding | undefined> {
  let asked: readonly SealCheck[] | undefined
  for await (const part of readWindows(path)) {
    asked ??= part.subarray(0, probedBytes).includes(0) ? checks.filter(({ binaries }) => binaries) : checks
    for (const check of asked) {
      const what = check.content?.(part)
      if (what !== undefined) return { check, what }
    }
  }
  return undefined
}

function add(found: Found | undefined, text: string): void {
  if (found === undefined) return
  found.total += 1
  if (found.first.length < namedPaths) found.first.push(text)
}

function verdict({ name, fix }: SealCheck, found: Found | undefined): Finding {
  if (found === undefined || found.total === 0) return ok(name, 'nothing found')
  const more = found.total - found.first.length
  return fail(name, `${found.first.join('; ')}${more > 0 ? `; and ${more} more` : ''}`, fix)
}
