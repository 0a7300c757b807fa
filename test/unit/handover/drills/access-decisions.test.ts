import { describe, expect, test } from 'vitest'
import { portAnswers } from '../../../../handover/drills/port-exposure/port-answers.ts'
import { type AccessRule, attemptsOf, isLoopback, ruleProblem } from '../../../../handover/drills/tls-and-passwords/attempts.ts'
import { loginAnswer } from '../../../../handover/drills/try-login.ts'

const own = { user: 'own', password: 'right' }
const roles = { expired: 'old', superuser: 'root', replication: 'copy', passwordless: 'bare' }

describe('attempts', () => {
  test('the one right login is let in, and every other one refused', () => {
    const attempts = attemptsOf(own, roles, { through: 'pooler', withoutTls: true })
    expect(attempts.filter(({ expected }) => expected === 'letIn')).toEqual([
      { key: 'rightPassword', through: 'pooler', ...own, expected: 'letIn' },
    ])
    expect(attempts.find(({ key }) => key === 'wrongPassword')?.password).not.toBe('right')
    expect(attempts.find(({ key }) => key === 'noPassword')).not.toHaveProperty('password')
    // Only the way there is wrong.
    expect(attempts.find(({ key }) => key === 'withoutTls')).toMatchObject({ ...own, plain: true })
  })

  test('superusers and replication may come in directly, where pg_hba.conf lets them', () => {
    const keys = attemptsOf(own, roles, { through: 'direct', withoutTls: false }).map(({ key }) => key)
    expect(keys).not.toContain('superuser')
    expect(keys).not.toContain('replicationRole')
    expect(keys).not.toContain('withoutTls')
  })

  test.each([
    [{ code: '28P01', kind: 'config', message: 'password authentication failed for user "own"' }, 'refused'],
    [{ code: '08P01', kind: 'transient', message: 'SASL authentication failed' }, 'refused'],
    [{ code: '08P01', kind: 'config', message: 'no such user' }, 'refused'],
    [{ code: '08P01', kind: 'config', message: 'pgbouncer cannot connect to server' }, 'unreachable'],
    [{ code: 'ECONNREFUSED', kind: 'transient', message: 'connect ECONNREFUSED' }, 'unreachable'],
    [{ code: '57P03', kind: 'transient', message: 'the database system is starting up' }, 'unreachable'],
  ] as const)('%j is %s', (failure, answer) => {
    expect(loginAnswer(failure)).toBe(answer)
  })
})

describe('lines of pg_hba.conf', () => {
  const line: AccessRule = {
    ...{ line: 1, type: 'hostssl', database: 'all', user: 'all', address: '10.0.0.0' },
    ...{ method: 'scram-sha-256', error: '' },
  }
  test.each([
    [{}, undefined],
    [{ method: 'cert' }, undefined],
    [{ type: 'host', method: 'reject' }, undefined],
    [{ type: 'local', method: 'peer', address: '' }, undefined],
    [{ type: 'local', method: 'trust', address: '' }, 'lets in everybody on the machine without a proof'],
    [{ method: 'md5' }, 'lets in from the network by md5'],
    [{ method: 'trust', address: '127.0.0.1' }, 'lets in from the network by trust'],
    [{ type: 'host' }, 'lets in from the network without TLS'],
    [{ type: 'hostnossl', address: '0.0.0.0' }, 'lets in from the network without TLS'],
    [{ type: 'host', address: '127.0.0.1' }, undefined],
    [{ type: 'host', address: '::1' }, undefined],
    [{ error: 'invalid authentication method "scam"', method: '' }, 'invalid authentication method "scam"'],
  ] as const)('%j: %s', (changes, problem) => {
    expect(ruleProblem({ ...line, ...changes }, true)).toBe(problem)
  })

  test('without a promise of TLS a line need not ask for it', () => {
    expect(ruleProblem({ ...line, type: 'host' }, false)).toBeUndefined()
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost', '/run/postgresql'])('%s is the machine itself', (address) => {
    expect(isLoopback(address)).toBe(true)
  })
  test.each(['10.0.0.1', '0.0.0.0', 'all', 'samenet', 'db-1'])('%s is not', (address) => {
    expect(isLoopback(address)).toBe(false)
  })
})

test('ports that answer are set beside those that are to', () => {
  const probed = { node: 'db-1', address: '10.0.0.11', speaker: 'app', ports: [22, 5432, 6432], open: [6432] } as const
  expect(portAnswers(probed, [5432]).map(({ port, expected, came }) => [port, expected, came])).toEqual([
    [22, 'shut', 'shut'],
    [5432, 'shut', 'open'],
    [6432, 'open', 'shut'],
  ])
})
