import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import { run } from '../../../../functions/platform/process/run.ts'

const env = { PATH: '/usr/bin:/bin' }
const sh = (script: string, rest: Partial<Parameters<typeof run>[0]> = {}) =>
  run({ command: '/bin/sh', args: ['-c', script], env, ...rest })

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ballast-run-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('a program that ends well', () => {
  test('gives both outputs', async () => {
    expect(await sh('echo out; echo err >&2')).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 0 })
  })

  test('sees the given environment and nothing else', async () => {
    process.env.BALLAST_TEST_SECRET = 'inherited'
    const { stdout } = await run({ command: '/usr/bin/env', args: [], env: { ONLY: 'this' } })
    delete process.env.BALLAST_TEST_SECRET
    expect(stdout).toBe('ONLY=this\n')
  })

  test('takes arguments literally', async () => {
    const odd = '$(id) "; \' *'
    const { stdout } = await run({ command: '/usr/bin/printf', args: ['%s', odd], env })
    expect(stdout).toBe(odd)
  })

  test('reads its input, in one piece or many', async () => {
    expect((await sh('cat', { input: Buffer.from('bytes') })).stdout).toBe('bytes')
    const pieces = async function* () {
      for (let index = 0; index < 300; index += 1) yield Buffer.alloc(10_000, 'x')
    }
    expect((await sh('wc -c', { input: pieces() })).stdout.trim()).toBe('3000000')
  })

  test('runs in the given directory', async () => {
    expect((await sh('pwd', { cwd: directory })).stdout.trim()).toBe(directory)
  })

  test('keeps only the end of a long stderr', async () => {
    const { stderr } = await sh('yes error | head -c 1000000 >&2; echo last >&2')
    expect(stderr.length).toBeLessThan(70_000)
    expect(stderr).toMatch(/^\.\.\.[\s\S]*last\n$/)
  })
})

describe('a program that does not', () => {
  test('exit code', async () => {
    await expect(sh('echo why >&2; exit 3')).rejects.toMatchObject({
      kind: 'permanent',
      subject: 'sh',
      message: 'sh exited with code 3: why',
      code: 'exit 3',
    })
  })

  test('explained by its words', async () => {
    const explain = (stderr: string) => (stderr.includes('busy') ? { kind: 'transient' as const, hint: 'wait' } : undefined)
    await expect(sh('echo busy >&2; exit 1', { explain })).rejects.toMatchObject({ kind: 'transient', hint: 'wait' })
  })

  test('a signal', async () => {
    await expect(sh('kill -KILL $$')).rejects.toMatchObject({ kind: 'transient', code: 'SIGKILL' })
  })

  test('no such program', async () => {
    const missing = run({ command: '/nowhere/pg_dump', args: [], env })
    await expect(missing).rejects.toMatchObject({ kind: 'config', code: 'ENOENT', subject: 'pg_dump' })
    const fed = run({ command: '/nowhere/pg_dump', args: [], env, input: Buffer.alloc(1_000_000) })
    await expect(fed).rejects.toMatchObject({ kind: 'config', code: 'ENOENT' })
  })

  test('a program that may not be run', async () => {
    await expect(run({ command: '/etc/passwd', args: [], env })).rejects.toMatchObject({ kind: 'permanent', code: 'EACCES' })
  })

  test('an argument list that the system refuses', async () => {
    const huge = 'x'.repeat(3_000_000)
    await expect(run({ command: '/bin/true', args: [huge], env })).rejects.toMatchObject({ kind: 'permanent', code: 'E2BIG' })
  })

  test('too long', async () => {
    await expect(sh('exec sleep 60', { timeoutMs: 50 })).rejects.toMatchObject({ kind: 'transient', code: 'TIMEOUT' })
  })

  test('an abort before and during', async () => {
    await expect(sh('exec sleep 60', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'Aborted' })
    const why = new Failure('the deadline', { kind: 'transient', subject: 's', hint: 'h' })
    const controller = new AbortController()
    const running = sh('exec sleep 60', { signal: controller.signal })
    controller.abort(why)
    await expect(running).rejects.toBe(why)
  })

  test('an input that breaks off', async () => {
    const broken = async function* () {
      yield Buffer.from('first')
      throw new Failure('the store went away', { kind: 'transient', subject: 's', hint: 'h' })
    }
    await expect(sh('cat >/dev/null', { input: broken() })).rejects.toMatchObject({ message: 'the store went away' })
  })

  test('exit code 0 without having read the input', async () => {
    await expect(sh('exec true', { input: Buffer.alloc(1_000_000) })).rejects.toMatchObject({
      message: expect.stringContaining('without reading all of its input'),
    })
  })

  test('a bad exit before the input was read tells the exit', async () => {
    await expect(sh('echo bad >&2; exit 2', { input: Buffer.alloc(1_000_000) })).rejects.toMatchObject({ code: 'exit 2' })
  })

  test('an endless output', async () => {
    await expect(sh('exec yes')).rejects.toMatchObject({ message: expect.stringContaining('wrote more than') })
  })
})
