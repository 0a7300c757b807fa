import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readWindows } from '../../../../functions/images/tree/read-windows.ts'
import { freshDirectory } from '../../../support/fresh-directory.ts'

const file = freshDirectory()
const MiB = 1024 * 1024
const overlap = 16 * 1024

test.each([0, 1, overlap, MiB - 1, MiB, MiB + 1, 3 * MiB + 17])(
  '%i bytes come whole, each piece with the end of the one before',
  async (bytes) => {
    const content = randomBytes(bytes)
    await writeFile(file(), content)
    const parts: Buffer[] = []
    for await (const part of readWindows(file())) parts.push(Buffer.from(part))
    const rest = parts.slice(1).map((part, index) => {
      const before = parts[index] ?? Buffer.alloc(0)
      const repeated = Math.min(overlap, before.byteLength)
      expect(part.subarray(0, repeated)).toEqual(before.subarray(before.byteLength - repeated))
      return part.subarray(repeated)
    })
    expect(Buffer.concat([...parts.slice(0, 1), ...rest]).equals(content)).toBe(true)
    expect(Math.max(0, ...parts.map((part) => part.byteLength))).toBeLessThanOrEqual(MiB)
  },
)
