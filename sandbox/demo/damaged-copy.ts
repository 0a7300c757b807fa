import { type SetAddress, setPrefix } from '../../functions/archive/keys.ts'
import { readManifest } from '../../functions/archive/read-set.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'

/**
 * Copies a set from one store to another, with one byte in the middle of its largest unit inverted; everything else,
 * sizes included, stays as it was. Returns the damaged file.
 */
export async function damagedCopy(from: ObjectStore, to: ObjectStore, address: SetAddress): Promise<string> {
  const { units } = await readManifest(from, address)
  const [largest] = [...units].sort((a, b) => b.bytes - a.bytes)
  if (largest === undefined) throw new Error(`set ${address.set} has no unit to damage`)
  const prefix = setPrefix(address)
  for await (const { objects } of from.list(prefix)) {
    for (const { key } of objects) {
      const damageAt = key === prefix + largest.file ? Math.floor(largest.bytes / 2) : undefined
      await copyObject(from, to, key, damageAt)
    }
  }
  return largest.file
}

async function copyObject(from: ObjectStore, to: ObjectStore, key: string, damageAt: number | undefined): Promise<void> {
  const upload = to.upload(key)
  let position = 0
  for await (const part of from.read(key)) {
    const bytes = Uint8Array.from(part)
    if (damageAt !== undefined && damageAt >= position && damageAt < position + bytes.length) {
      bytes[damageAt - position] = ~(bytes[damageAt - position] ?? 0) & 0xff
    }
    position += bytes.length
    await upload.write(bytes)
  }
  await upload.finish()
}
