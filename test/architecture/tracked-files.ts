import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** The project's directory. */
export const root = resolve(import.meta.dirname, '../..')

const generated = [
  'package-lock.json',
  'tools/versitygw/go.sum',
  'tools/versitygw/go.mod',
  'tools/packer/go.sum',
  'tools/packer/go.mod',
  'tools/traefik/go.sum',
  'tools/traefik/go.mod',
  'tools/lambda-runtime/package/package-lock.json',
  'tools/template-lint/requirements.txt',
]

/** Paths of all files that are, or would be, committed: sorted, relative to the project. */
export function trackedFiles(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(resolve(root, path)))
  if (!paths.includes('package.json')) throw new Error('the list of tracked files does not hold package.json')
  return [...new Set(paths)].sort()
}

/** Those that people write and read: no lockfiles, no binaries. */
export function writtenFiles(): string[] {
  return trackedFiles().filter((path) => !generated.includes(path) && !/\.(wasm|png|gz|zst)$/.test(path))
}

export function readTracked(path: string): string {
  return readFileSync(resolve(root, path), 'utf8')
}
