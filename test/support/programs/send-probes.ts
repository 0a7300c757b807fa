/** Sends the probes that it reads as JSON, all at once, and prints what became of each as JSON. */
import { createSocket } from 'node:dgram'
import { connect, isIP } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Answer, Probe } from '../images/probe.ts'

/** Far longer than an answer takes here; the first repetitions of a lost packet are in it. */
const SILENT_AFTER_MS = 2_500

function viaTcp({ from, to, port, fromPort }: Probe): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port, localAddress: from, ...(fromPort === undefined ? {} : { localPort: fromPort }) })
    const end = (answer: Answer): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(SILENT_AFTER_MS, () => end('silent'))
    socket.once('connect', () => end('open'))
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ETIMEDOUT' ? 'silent' : 'closed'))
  })
}

function viaUdp({ from, to, port, fromPort = 0 }: Probe): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(to) === 6 ? 'udp6' : 'udp4')
    const end = (answer: Answer): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => end('silent'), SILENT_AFTER_MS)
    socket.once('message', () => end('open'))
    socket.once('error', () => end('closed'))
    // Connected, so that the kernel reports a refusal.
    socket.bind({ address: from, port: fromPort }, () => socket.connect(port, to, () => socket.send('?')))
  })
}

const probes = (await json(process.stdin)) as Probe[]
const answers = await Promise.all(probes.map((probe) => (probe.protocol === 'udp' ? viaUdp(probe) : viaTcp(probe))))
process.stdout.write(JSON.stringify(answers))
