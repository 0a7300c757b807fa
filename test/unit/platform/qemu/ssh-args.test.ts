import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { remoteLine, sshArgs } from '../../../../functions/platform/qemu/ssh-args.ts'

test.each(["it's", '$HOME `id` "x"', '', '* ?', 'a\nb', '--'])('the guest gets %j as it is', (word) => {
  const line = remoteLine('root', ['printf', '%s|', word, 'end'])
  expect(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })).toBe(`${word}|end|`)
})

test('another user than root becomes root', () => {
  expect(remoteLine('ballast', ['id', '-u'])).toBe("'sudo' '-n' '--' 'id' '-u'")
})

test('ssh reads no settings of this machine, asks nobody and offers one key', () => {
  const login = { address: '10.77.0.11', from: '203.0.113.7', port: 2222, user: 'ballast', keyFile: '/tmp/key' }
  const args = sshArgs(login, '/tmp/socket')
  expect(args.slice(0, 6)).toEqual(['-F', 'none', '-i', '/tmp/key', '-p', '2222'])
  expect(args).toEqual(expect.arrayContaining(['BatchMode=yes', 'IdentitiesOnly=yes', 'BindAddress=203.0.113.7']))
  expect(args.at(-1)).toBe('ballast@10.77.0.11')
})
