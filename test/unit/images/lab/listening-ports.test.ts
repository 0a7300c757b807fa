import { expect, test } from 'vitest'
import { parseListening } from '../../../../functions/images/lab/listening-ports.ts'

const said = `
udp   UNCONN 0      0         127.0.0.53%lo:53         0.0.0.0:*
udp   UNCONN 0      0            10.0.0.11:68         0.0.0.0:*
udp   UNCONN 0      0               [::1]:323           [::]:*
tcp   LISTEN 0      200             0.0.0.0:5432       0.0.0.0:*
tcp   LISTEN 0      128             0.0.0.0:22         0.0.0.0:*
tcp   LISTEN 0      128                [::]:22            [::]:*
tcp   LISTEN 0      4096                  *:9100             *:*
tcp   LISTEN 0      4096 [::ffff:127.0.0.1]:7000             *:*
tcp   LISTEN 0      64             127.0.0.1:6010      0.0.0.0:*
`

test('what only the machine itself reaches is left out, and each port is there once', () => {
  expect(parseListening(said)).toEqual([
    { protocol: 'tcp', port: 22 },
    { protocol: 'udp', port: 68 },
    { protocol: 'tcp', port: 5432 },
    { protocol: 'tcp', port: 9100 },
  ])
})
