import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/nonexistent', LC_ALL: 'C.UTF-8' }

const tracked = said('git', 'ls-files', '--cached', '--others', '--exclude-standard', 'image-scripts').split('\n')
const shell = tracked.filter((file) => /^(#!.*sh\b|# shellcheck shell=)/.test(firstLine(file)))

function firstLine(file: string): string {
  return file === '' ? '' : (readFileSync(`${root}/${file}`, 'utf8').split('\n')[0] ?? '')
}

/** Everything that a program says, whatever its exit code. */
function said(command: string, ...args: string[]): string {
  const { error, stdout, stderr } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' })
  if (error) throw error
  return stdout + stderr
}

test('there are scripts to look at', () => {
  expect(shell).toEqual(
    expect.arrayContaining(['image-scripts/lib.sh', 'image-scripts/root/database/usr/local/sbin/ballast-tune']),
  )
})

test('shellcheck finds nothing in any script of the images', () => {
  expect(said('shellcheck', '--severity=style', '--format=gcc', ...shell)).toBe('')
})

test('every script is written as shfmt writes it', () => {
  expect(said('shfmt', '-i', '2', '-ci', '-d', ...shell)).toBe('')
})
