import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Probe, ProbeAnswer } from './probe.ts'

/**
 * A program of its own, for it runs in the guests' network: reads probes as JSON on standard input, tries all of them at the
 * same time, and writes one answer for each.
 */

/** Within it a lost first packet is sent twice more, to a guest that is slow as well. */
const answersWithinMs = 8_000
const datagramsAtMs = [0, 1_500, 4_000]

const refusals = ['ECONNREFUSED', 'ECONNRESET']

function probeTcp({ from, to, port }: Probe): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port, localAddress: from, timeout: answersWithinMs })
    const end = (answer: ProbeAnswer): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end('open'))
    socket.once('timeout', () => end('silent'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(refusals.includes(error.code ?? '') ? 'closed' : 'silent'))
  })
}

function probeUdp({ from, to, port }: Probe): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(to) ? 'udp6' : 'udp4')
    const timers: NodeJS.Timeout[] = []
    const end = (answer: ProbeAnswer): void => {
      for (const timer of timers) clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    socket.once('message', () => end('open'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(refusals.includes(error.code ?? '') ? 'closed' : 'silent'))
    socket.bind({ address: from }, () => {
      socket.connect(port, to, () => {
        for (const delay of datagramsAtMs) timers.push(setTimeout(() => socket.send('ballast\n', () => undefined), delay))
        timers.push(setTimeout(() => end('silent'), answersWithinMs))
      })
    })
  })
}

const probes = JSON.parse(await text(process.stdin)) as Probe[]
const answers = await Promise.all(probes.map((probe) => (probe.protocol === 'tcp' ? probeTcp(probe) : probeUdp(probe))))
process.stdout.write(JSON.stringify(answers))
