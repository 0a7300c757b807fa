import { once } from 'node:events'
import { dial } from './dial.ts'
import type { Established } from './establish.ts'
import type { ConnectionSettings } from './settings.ts'

const CANCEL_CODE = 80_877_102
const WITHIN_MS = 2_000

/** Asks the server to cancel what a session is running. Best effort: never throws, and takes at most two seconds. */
export async function requestCancel(settings: ConnectionSettings, established: Established): Promise<void> {
  const key = keyOf(established)
  if (key === undefined) return
  const late = AbortSignal.timeout(WITHIN_MS)
  try {
    const socket = await dial(settings, established.address, established.encryption, late)
    socket.end(cancelPacket(key))
    socket.resume()
    await once(socket, 'close')
  } catch {
    // The connection being cancelled is closed already, which ends the work a little later.
  }
}

interface CancelKey {
  processId: number
  secret: number
}

function keyOf({ client }: Established): CancelKey | undefined {
  const processId: unknown = 'processID' in client ? client.processID : undefined
  const secret: unknown = 'secretKey' in client ? client.secretKey : undefined
  return typeof processId === 'number' && typeof secret === 'number' ? { processId, secret } : undefined
}

function cancelPacket({ processId, secret }: CancelKey): Buffer {
  const packet = Buffer.alloc(16)
  packet.writeInt32BE(packet.byteLength, 0)
  packet.writeInt32BE(CANCEL_CODE, 4)
  packet.writeInt32BE(processId, 8)
  packet.writeInt32BE(secret, 12)
  return packet
}
