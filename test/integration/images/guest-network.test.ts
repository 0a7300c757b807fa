import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Guard, startGuard } from '../../../functions/platform/guard/guard.ts'
import { type GuestNetwork, startNetwork } from '../../../functions/platform/qemu/network.ts'
import { probe } from '../../../functions/platform/qemu/probe.ts'
import { mayBootMachines } from '../../support/booted-systemd.ts'

/** Answers on one TCP and one UDP port; with UDP an answer must come from the address that was asked. */
const answering = `
const { createServer } = require('node:net')
const { createSocket } = require('node:dgram')
for (const [type, address] of [['udp4', '10.9.9.9'], ['udp6', 'fd77::9']]) {
  const udp = createSocket(type)
  udp.on('message', (bytes, from) => udp.send(bytes, from.port, from.address)).bind(4711, address)
}
const tcp = createServer((socket) => socket.on('error', () => {}).end('hello'))
tcp.listen(4711, '::', () => console.log('listening'))
`

describe.runIf(mayBootMachines)('the network of the guests', () => {
  let guard: Guard
  let network: GuestNetwork
  let service: ChildProcess

  beforeAll(async () => {
    guard = startGuard()
    network = await startNetwork(guard, ['203.0.113.7', '10.9.9.9', '2001:db8:7::1', 'fd77::9'])
    const { command, args } = network.inside(process.execPath, ['-e', answering])
    service = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(service.stdout ?? service, 'data')
  })
  afterAll(async () => {
    service?.kill()
    await guard?.release()
  })

  test.each([
    ['203.0.113.7', '10.9.9.9'],
    ['2001:db8:7::1', 'fd77::9'],
  ])('from %s to %s: who answers is open, who is not there is closed', async (from, to) => {
    const ports = [4711, 4712].flatMap((port) => (['tcp', 'udp'] as const).map((protocol) => ({ from, to, port, protocol })))
    expect(await probe(network, ports)).toEqual(['open', 'open', 'closed', 'closed'])
  })

  test('an address that is not there is silent', async () => {
    const to = '10.9.9.10'
    await network.addRoute(to, { source: '203.0.113.7' })
    const probes = (['tcp', 'udp'] as const).map((protocol) => ({ from: '203.0.113.7', to, port: 4711, protocol }))
    expect(await probe(network, probes)).toEqual(['silent', 'silent'])
  })

  test('it is not the network of this machine', async () => {
    const { command, args } = network.inside('ip', ['-brief', 'link'])
    const links = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const text = (await links.stdout.toArray()).join('')
    expect(text.split('\n').map((line) => line.split(/[\s@]/)[0])).toEqual(['lo', 'br0', ''])
  })
})
