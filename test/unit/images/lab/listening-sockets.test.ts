import { expect, test } from 'vitest'
import { openPorts, readSockets } from '../../../../functions/images/lab/listening-sockets.ts'

const said = `
udp   UNCONN 0      0         127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=301,fd=17))
udp   UNCONN 0      0            10.0.0.11:68         0.0.0.0:*
udp   UNCONN 0      0               [::1]:323           [::]:*    users:(("chronyd",pid=12,fd=7),("chronyd",pid=13,fd=7))
tcp   LISTEN 0      200             0.0.0.0:5432       0.0.0.0:*    users:(("postgres",pid=812,fd=6),("postgres",pid=813,fd=6))
tcp   LISTEN 0      128             0.0.0.0:22         0.0.0.0:*
tcp   LISTEN 0      128                [::]:22            [::]:*
tcp   LISTEN 0      4096                  *:9100             *:*
tcp   LISTEN 0      4096 [::ffff:127.0.0.1]:7000             *:*
tcp   LISTEN 0      64             127.0.0.1:6010      0.0.0.0:*
`

test('each socket is read, with the program and its first process where they are known', () => {
  const sockets = readSockets(said)
  expect(sockets).toHaveLength(9)
  expect(sockets.slice(0, 4)).toEqual([
    { protocol: 'udp', address: '127.0.0.53%lo', port: 53, program: 'systemd-resolve', pid: 301 },
    { protocol: 'udp', address: '10.0.0.11', port: 68, program: '', pid: undefined },
    { protocol: 'udp', address: '[::1]', port: 323, program: 'chronyd', pid: 12 },
    { protocol: 'tcp', address: '0.0.0.0', port: 5432, program: 'postgres', pid: 812 },
  ])
  expect(sockets.slice(5, 8).map(({ address, port }) => [address, port])).toEqual([
    ['[::]', 22],
    ['*', 9100],
    ['[::ffff:127.0.0.1]', 7000],
  ])
})

test('what only the machine itself reaches is no open port, and each port is there once', () => {
  expect(openPorts(readSockets(said))).toEqual([
    { protocol: 'tcp', port: 22 },
    { protocol: 'udp', port: 68 },
    { protocol: 'tcp', port: 5432 },
    { protocol: 'tcp', port: 9100 },
  ])
})
