import { expect, test } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import { remoteFailure } from '../../../../handover/sites/ssh/ssh-failure.ts'

const place = { node: 'db-1', login: 'admin@10.0.0.11', program: 'ballast-promote' }

/** As functions/platform/process has it for a program that ended badly. */
function ended(code: number, words: string, command = 'ssh'): Failure {
  const message = `${command} exited with code ${code}: ${words}`
  return new Failure(message, { kind: 'permanent', subject: command, hint: 'Read it.', code: `exit ${code}` })
}

test.each([
  ['Host key verification failed.', 'has a host key that is not known here', 'compare the fingerprint'],
  [
    'No ED25519 host key is known for 10.0.0.11 and you have requested strict checking.',
    'not known here',
    'ssh admin@10.0.0.11',
  ],
  [
    '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
    'another host key',
    'ssh-keygen -R 10.0.0.11',
  ],
  ['admin@10.0.0.11: Permission denied (publickey).', 'does not let this key in', 'ssh-add'],
  ['ssh: connect to host 10.0.0.11 port 22: Connection timed out', 'cannot be reached', 'firewall.admin'],
  ['kex_exchange_identification: Connection closed by remote host', 'cannot be reached', 'is the machine on'],
])('%s', (words, what, next) => {
  const failure = remoteFailure(ended(255, words), place)
  expect(failure.message).toContain('db-1 (admin@10.0.0.11) ')
  expect(failure.message).toContain(what)
  expect(failure.hint).toContain(next)
  expect(failure.subject).toBe('db-1')
})

test('who may not become root is told so', () => {
  const failure = remoteFailure(ended(1, 'sudo: a password is required', 'nsenter'), place)
  expect(failure.message).toMatch(/^admin@10\.0\.0\.11 may not become root without a password/)
})

test.each(['ssh', 'nsenter'])('what a program on the machine says is told of that program, also by %s', (command) => {
  const said = 'the primary at 10.0.0.11 still answers: Connection refused'
  const failure = remoteFailure(ended(1, `ballast-promote: ${said}`, command), place)
  expect(failure.message).toBe(`ballast-promote on db-1 exited with code 1: ballast-promote: ${said}`)
  expect(failure.code).toBe('exit 1')
})

test('a program of which sudo is spoken later is not taken for one that sudo refused', () => {
  const failure = remoteFailure(ended(1, 'ballast-rejoin: run it with sudo: see the help'), place)
  expect(failure.message).toMatch(/^ballast-promote on db-1 exited/)
})
