import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Types an answer at a real terminal when it is asked; returns all that the terminal showed, and the exit code. */
async function answered(keys: string): Promise<{ code: number | null; shown: string }> {
  const command = 'tools/node test/support/programs/ask-before-drills.ts'
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: root,
    env: { PATH: process.env.PATH, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let shown = ''
  let typed = false
  child.stdout.on('data', (bytes: Buffer) => {
    shown += bytes.toString()
    if (typed || !shown.includes('Type yes: ')) return
    typed = true
    child.stdin.write(keys)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, shown }
}

test('yes is leave to go on, after it was said what will be done', async () => {
  const { code, shown } = await answered('yes\n')
  expect(code).toBe(0)
  expect(shown).toContain('On the machines of shop:\r\n  failover: breaks something, and puts it back\r\nGo on? Type yes: ')
  expect(shown).toContain('agreed')
})

test.each([
  ['no', 'no\n'],
  ['an empty line', '\n'],
  ['y', 'y\n'],
  ['the end of the input', '\u0004'],
])('%s is none', async (_, keys) => {
  const { code, shown } = await answered(keys)
  expect(code).toBe(2)
  expect(shown).toContain('the drills were not agreed to, and nothing was done')
})

test('Ctrl-C stops it', async () => {
  const { code, shown } = await answered('\u0003')
  expect(code).toBe(130)
  expect(shown).toContain('SIGINT: stopping')
  expect(shown).toContain('the run was stopped by SIGINT')
})
