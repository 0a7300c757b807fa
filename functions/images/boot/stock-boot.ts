import { bakeSeed } from '../bake/bake-seed.ts'
import type { Lab } from '../lab/lab.ts'
import { addMachine, type MachineSize } from '../lab/machine.ts'
import { secondsSince } from './first-query.ts'

/** Seconds that a plain Debian takes from power-on until it lets somebody in: what this host's speed is measured by. */
export async function timeStockBoot(lab: Lab, disk: string, size: MachineSize): Promise<number> {
  const machine = await addMachine(lab, {
    ...{ name: 'stock', number: 99, disk, seed: bakeSeed(lab.key.publicKey), addresses: ['10.77.99.99/24'] },
    login: { user: 'root', port: 22 },
  })
  const running = await machine.start(size)
  await running.shell()
  const seconds = secondsSince(running)
  await running.shutDown()
  return seconds
}
