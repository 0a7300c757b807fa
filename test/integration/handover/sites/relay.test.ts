import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Guard, startGuard } from '../../../../functions/platform/guard/guard.ts'
import { type GuestNetwork, startNetwork } from '../../../../functions/platform/qemu/network.ts'
import { type Relay, startRelay } from '../../../../handover/sites/lab/relay.ts'
import { mayBootMachines } from '../../../support/booted-systemd.ts'

/** Says who asks, then everything that it is sent. */
const echo = `
require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
  socket.write(socket.remoteAddress + ' ')
  socket.pipe(socket)
}).listen(4711, '10.9.9.9', () => console.log('listening'))
`
const target = { address: '10.9.9.9', port: 4711 }
const nobody = { address: '10.9.9.9', port: 4712 }

describe.runIf(mayBootMachines)('the relay into the network of the lab', () => {
  let guard: Guard
  let network: GuestNetwork
  let service: ChildProcess
  let relay: Relay

  beforeAll(async () => {
    guard = startGuard()
    network = await startNetwork(guard, ['203.0.113.7', '10.9.9.9'])
    const { command, args } = network.inside(process.execPath, ['-e', echo])
    service = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(service.stdout ?? service, 'data')
    const directory = await mkdtemp(join(tmpdir(), 'ballast-test-'))
    guard.removeAtEnd(directory)
    relay = await startRelay({ guard, network, directory }, [target, nobody])
  })
  afterAll(async () => {
    await relay?.close()
    service?.kill()
    await guard?.release()
  })

  const ask = async (port: number, question: string): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.end(question)
    return await text(socket)
  }

  test('what is sent gets there and back, whole', async () => {
    const question = 'x'.repeat(5_000_000)
    const answer = await ask(relay.portTo(target), question)
    expect(answer.split(' ')[1]).toBe(question)
  })

  test('several speak at the same time', async () => {
    const questions = Array.from({ length: 50 }, (_, index) => `question ${index}`)
    const answers = await Promise.all(questions.map((question) => ask(relay.portTo(target), question)))
    expect(answers.map((answer) => answer.slice(answer.indexOf(' ') + 1))).toEqual(questions)
  })

  test('where nobody listens the connection ends, and the relay goes on', async () => {
    await expect(ask(relay.portTo(nobody), 'hello').catch(() => '')).resolves.toBe('')
    await expect(ask(relay.portTo(target), 'hello')).resolves.toContain('hello')
  })

  test('it leads nowhere else', () => {
    expect(() => relay.portTo({ address: '10.9.9.9', port: 22 })).toThrow('no relay leads to 10.9.9.9, port 22')
  })
})
