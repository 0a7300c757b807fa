import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import wabt from 'wabt'
import { root } from './tracked-files.ts'

const place = 'functions/platform/postgres/copy'

test('row-scanner.wasm is what row-scanner.wat says', async () => {
  const { parseWat } = await wabt()
  const parsed = parseWat('row-scanner.wat', readFileSync(join(root, place, 'row-scanner.wat'), 'utf8'), { bulk_memory: true })
  try {
    const { buffer } = parsed.toBinary({})
    expect(Buffer.from(buffer).equals(readFileSync(join(root, place, 'row-scanner.wasm')))).toBe(true)
  } finally {
    parsed.destroy()
  }
})
