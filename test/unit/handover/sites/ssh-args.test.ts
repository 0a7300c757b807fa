import { expect, test } from 'vitest'
import { sshArgs, sshEnvironment } from '../../../../handover/sites/ssh/ssh-args.ts'

const machine = { host: '10.0.0.11', port: 2222, socket: '/tmp/ballast-ssh-x/1' }

test('ssh logs in as admin, never asks, and refuses a host key that is not known', () => {
  const args = sshArgs(machine)
  expect(args.slice(-6)).toEqual(['-p', '2222', '-l', 'admin', '--', '10.0.0.11'])
  expect(args).toEqual(
    expect.arrayContaining(['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ControlPath=/tmp/ballast-ssh-x/1']),
  )
})

test("the operator's configuration is read, unless another takes its place", () => {
  expect(sshArgs(machine)).not.toContain('-F')
  expect(sshArgs({ ...machine, configFile: '/tmp/lab/ssh_config' }).slice(0, 2)).toEqual(['-F', '/tmp/lab/ssh_config'])
})

test('the client sees where keys are, and no secret of this process', () => {
  const env = {
    PATH: '/usr/bin',
    HOME: '/home/ana',
    SSH_AUTH_SOCK: '/run/agent',
    AWS_SECRET_ACCESS_KEY: 'secret',
    LANG: 'pt_BR',
  }
  expect(sshEnvironment(env)).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/ana',
    SSH_AUTH_SOCK: '/run/agent',
    LC_ALL: 'C.UTF-8',
  })
})
