import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { startGuard } from '../../functions/platform/guard/guard.ts'
import { privateDirectory } from '../../functions/platform/process/private-directory.ts'
import { freePorts } from '../../sandbox/free-port.ts'
import { randomSecret } from '../../sandbox/secret.ts'
import { startService, untilAnswering } from '../../sandbox/service.ts'
import { answersAt } from './tcp-answer.ts'

/** A real Redis on loopback, with a password, that keeps nothing. */
export interface Redis {
  url: string
  /** Sends one command and returns the first line of the answer. */
  ask(command: string): Promise<string>
  stop(): Promise<void>
}

export async function startRedis(): Promise<Redis> {
  const directory = await privateDirectory('ballast-redis-')
  const guard = startGuard()
  const [port = 0] = await freePorts(1)
  const password = randomSecret()
  const config = join(directory.path, 'redis.conf')
  await writeFile(config, `port ${port}\nbind 127.0.0.1\nsave ""\nrequirepass ${password}\n`)
  const log = join(directory.path, 'redis.log')
  const place = { cwd: directory.path, account: undefined, log, env: {} }
  const service = await startService(guard, { name: 'redis', command: '/usr/bin/redis-server', args: [config], ...place })
  await untilAnswering(service, () => answersAt(port), 10_000, undefined)
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    ask: (command) => ask(port, `AUTH ${password}\r\n${command}\r\n`),
    stop: async () => {
      await service.stop()
      await guard.release()
      await directory.dispose()
    },
  }
}

/** The line after the one that answers AUTH. */
function ask(port: number, commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(commands))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      const [, answer, rest] = text.split('\r\n')
      if (answer === undefined || rest === undefined) return
      socket.destroy()
      resolve(answer)
    })
    socket.once('error', reject)
  })
}
