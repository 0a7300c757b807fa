import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const library = fileURLToPath(
  new URL('../../../image-scripts/root/database/usr/local/lib/ballast/tune/machine.bash', import.meta.url),
)
const root = mkdtempSync(join(tmpdir(), 'ballast-facts-'))
afterAll(() => rmSync(root, { recursive: true }))

/** What a function of the library prints. */
function ask(...words: string[]): string {
  const script = 'set -euo pipefail; source "$1"; shift; "$@"'
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'ask', library, ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`exit ${status}: ${stderr}`)
  return stdout.trim()
}

function limit(group: string, bytes: string): void {
  mkdirSync(join(root, group), { recursive: true })
  writeFileSync(join(root, group, 'memory.max'), `${bytes}\n`)
}

describe('the limit of a control group', () => {
  test('is the least of the group and all above it', () => {
    limit('a', '4294967296')
    limit('a/b', '1073741824')
    limit('a/b/c', '2147483648')
    expect(ask('cgroup_limit_kb', root, '/a/b/c')).toBe(String(1024 * 1024))
    expect(ask('cgroup_limit_kb', root, '/a')).toBe(String(4 * 1024 * 1024))
  })

  test.each(['max', '9223372036854771712', 'infinity', '', '-1'])('%j is none', (bytes) => {
    limit('free', bytes)
    expect(ask('cgroup_limit_kb', root, '/free')).toBe('')
  })

  test.each(['/', '/no/such/group', ''])('there is none for %j, where no file says one', (group) => {
    expect(ask('cgroup_limit_kb', root, group)).toBe('')
  })
})

test('memory and the size of a huge page are read as the kernel writes them', () => {
  const file = join(root, 'meminfo')
  writeFileSync(
    file,
    'MemTotal:         468964 kB\nMemFree:           12345 kB\nHugePages_Total:       0\nHugepagesize:       2048 kB\n',
  )
  expect([ask('memory_total_kb', file), ask('huge_page_kb', file)]).toEqual(['468964', '2048'])
  writeFileSync(file, 'MemTotal:         468964 kB\n')
  expect(ask('huge_page_kb', file)).toBe('')
})

test.each([
  ['of the machine', 468_964, 512 * 1024],
  ['of the machine', 512 * 1024, 512 * 1024],
  ['of the machine', 393_000, 384 * 1024],
  ['by the limit of its control group', 468_964, 468_964],
])('a machine whose memory %s is %d kB was made with %d kB', (from, memory, size) => {
  expect(ask('eval', `MEMORY_FROM='${from}' MEMORY_KB=${memory}; machine_size_kb`)).toBe(String(size))
})
