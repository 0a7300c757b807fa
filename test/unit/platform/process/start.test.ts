import { describe, expect, test } from 'vitest'
import { start } from '../../../../functions/platform/process/start.ts'

const env = { PATH: '/usr/bin:/bin' }
const sh = (script: string, rest: Partial<Parameters<typeof start>[0]> = {}) =>
  start({ command: '/bin/sh', args: ['-c', script], env, ...rest })

async function bytesOf(stdout: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0
  for await (const part of stdout) bytes += part.byteLength
  return bytes
}

describe('a started program', () => {
  test('streams its output, and only then says that it was all', async () => {
    const child = sh('head -c 5000000 /dev/zero; echo fine >&2')
    expect(await bytesOf(child.stdout)).toBe(5_000_000)
    expect(await child.done).toEqual({ stderr: 'fine\n' })
  })

  test('that fails half-way ends its output normally and its account badly', async () => {
    const child = sh('head -c 100000 /dev/zero; echo conflict >&2; exit 1')
    expect(await bytesOf(child.stdout)).toBe(100_000)
    await expect(child.done).rejects.toMatchObject({ message: 'sh exited with code 1: conflict' })
  })

  test('takes input', async () => {
    const child = sh('wc -c', { stdin: true })
    child.stdin?.end(Buffer.alloc(1234))
    let text = ''
    for await (const part of child.stdout) text += part
    expect(text.trim()).toBe('1234')
    await child.done
  })

  test('has no input unless asked for', async () => {
    const child = sh('cat; echo end')
    expect(child.stdin).toBeUndefined()
    expect(await bytesOf(child.stdout)).toBe(4)
  })

  test('whose reader gives up ends, and says so', async () => {
    const child = sh('exec yes')
    for await (const _ of child.stdout) break
    // Either way of ending by a broken pipe is bad.
    await expect(child.done).rejects.toMatchObject({ code: expect.stringMatching(/^(SIGPIPE|exit 1)$/) })
  })

  test('that is killed says so', async () => {
    const child = sh('exec sleep 60')
    child.kill('SIGKILL')
    await expect(child.done).rejects.toMatchObject({ code: 'SIGKILL' })
    child.kill()
  })

  test('that ignores SIGTERM is killed after the grace period', async () => {
    const controller = new AbortController()
    const child = sh('trap "" TERM; echo ready; while :; do sleep 0.1; done', { signal: controller.signal })
    child.stdout.once('data', () => controller.abort())
    await expect(child.done).rejects.toMatchObject({ code: 'Aborted' })
  })

  test('is not waited for when its own child keeps stderr open', async () => {
    const child = sh('sleep 20 >/dev/null & echo $!')
    let pid = ''
    child.stdout.on('data', (part) => {
      pid += part
    })
    await child.done
    // Still there: nobody waited for it.
    expect(process.kill(Number(pid), 'SIGTERM')).toBe(true)
  })

  test('that is not there ends its output and is no unhandled rejection', async () => {
    const child = start({ command: '/nowhere/tool', args: [], env })
    expect(await bytesOf(child.stdout)).toBe(0)
    await expect(child.done).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
