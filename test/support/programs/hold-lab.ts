import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startGuard } from '../../../functions/platform/guard/guard.ts'
import { mountDisk } from '../../../functions/platform/qemu/mounted-disk.ts'
import { startNetwork } from '../../../functions/platform/qemu/network.ts'

/** Holds a network and a mounted disk until it is killed. Arguments: a directory that the guard removes, and a raw disk. */
const [directory = '', disk = ''] = process.argv.slice(2)
const guard = startGuard()
guard.removeAtEnd(directory)
await mkdir(join(directory, 'root'), { recursive: true })
const network = await startNetwork(guard, ['203.0.113.7'])
await network.addTap('tap1')
await mountDisk(guard, disk, { at: join(directory, 'root'), readonly: true })
console.log('held')
setInterval(() => undefined, 60_000)
