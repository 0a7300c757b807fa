import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/**
 * A path, new for each test, that does not exist but may be made. Its parent lets the servers' unprivileged user through, and
 * is removed after the test with whatever is in it.
 */
export function freshDirectory(): () => string {
  let parent = ''
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'ballast-test-'))
    await chmod(parent, 0o755)
  })
  afterEach(() => rm(parent, { recursive: true, force: true }))
  return () => join(parent, 'made')
}
