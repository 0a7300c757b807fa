import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseManifest, parseSummary, serializeManifest } from '../../../functions/archive/manifest.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { sampleManifest, sampleTable } from '../../support/manifests.ts'

const set = sampleManifest().summary.set
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 63 })

/** Signs again what a test has changed, so that only the change itself can be what is refused. */
function signed(body: string): Uint8Array {
  const unsigned = body.slice(0, body.lastIndexOf('"checksum":"'))
  return Buffer.from(`${unsigned}"checksum":"${createHash('sha256').update(unsigned).digest('hex')}"}\n`)
}

function refusal(bytes: Uint8Array): Failure {
  try {
    parseManifest(bytes, set)
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('the manifest was accepted')
}

describe('a manifest', () => {
  test('comes back as it was, whatever its names hold', () => {
    fc.assert(
      fc.property(name, name, fc.array(name, { maxLength: 5 }), (schema, table, columns) => {
        const { summary } = sampleManifest()
        const manifest = sampleManifest({
          summary: { ...summary, database: table, cluster: schema },
          tables: [sampleTable({ schema, name: table, columns })],
        })
        expect(parseManifest(serializeManifest(manifest), set)).toEqual(manifest)
        expect(parseSummary(serializeManifest(manifest))).toEqual(manifest.summary)
      }),
    )
  })

  test('is JSON whose first line holds the summary and whose last field is the SHA-256 of all before it', () => {
    const written = text(serializeManifest(sampleManifest()))
    const [first = '', ...rest] = written.split('\n')
    expect(first).toMatch(/^\{"format":1,"summary":\{"set":"2026-11-22T060000Z-daily",.*\},$/)
    const { checksum, ...fields } = JSON.parse(written)
    expect(fields).toEqual(sampleManifest())
    expect(rest.at(-1)).toBe('')
    const before = written.slice(0, written.indexOf(`"checksum":"${checksum}"`))
    expect(createHash('sha256').update(before).digest('hex')).toBe(checksum)
  })

  test('with one byte changed anywhere is refused', () => {
    const bytes = serializeManifest(sampleManifest())
    // The last bytes close the object: whatever they are, they carry nothing.
    const closing = '"}\n'.length
    fc.assert(
      fc.property(fc.nat(bytes.length - 1 - closing), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Buffer.from(bytes)
        changed[place] = (changed[place] ?? 0) ^ change
        expect(refusal(changed).kind).toBe('permanent')
      }),
      { numRuns: 2000 },
    )
  })

  test('cut anywhere is refused', () => {
    const bytes = serializeManifest(sampleManifest())
    fc.assert(
      fc.property(fc.nat(bytes.length - 3), (length) => {
        expect(refusal(bytes.subarray(0, length)).message).toMatch(/^the manifest of this set is damaged: /)
      }),
    )
  })

  test('with a field added, left out or of another shape is refused, naming the field', () => {
    const written = text(serializeManifest(sampleManifest()))
    const cases: [string, string, string][] = [
      ['"warnings": []', '"warnings": [], "extra": 1', 'Unrecognized key: "extra"'],
      ['"warnings": [],', '', 'warnings: '],
      ['"rows": 2,', '"rows": -2,', 'tables.0.rows: '],
      ['"digest": "0123456789abcdef"', '"digest": "0123456789ABCDEF"', 'tables.0.digest: '],
      ['"stored": "units"', '"stored": "elsewhere"', 'tables.0.stored: '],
    ]
    for (const [from, to, named] of cases) {
      expect(written).toContain(from)
      const { message, kind } = refusal(signed(written.replace(from, to)))
      expect({ kind, message }).toEqual({ kind: 'permanent', message: expect.stringContaining(named) })
    }
  })

  test('of a later format is refused with the way out, checksum or not', () => {
    const later = text(serializeManifest(sampleManifest())).replace('{"format":1,', '{"format":2,')
    for (const bytes of [Buffer.from(later), signed(later)]) {
      const { kind, message, hint } = refusal(bytes)
      expect({ kind, message }).toEqual({
        kind: 'permanent',
        message: 'the set has archive format 2; this version reads up to 1',
      })
      expect(hint).toContain('restore.sh')
    }
  })

  test.each(['', 'null', '[]', '1', '"x"', '<?xml version="1.0"?><Error/>', '{"format":1}'])('is not %j', (content) => {
    expect(refusal(Buffer.from(content))).toMatchObject({ kind: 'permanent', subject: set })
  })
})

describe('the summary', () => {
  test('is read from the first bytes alone', () => {
    const bytes = serializeManifest(sampleManifest())
    const lineEnd = bytes.indexOf(10)
    expect(parseSummary(bytes.subarray(0, lineEnd))).toEqual(sampleManifest().summary)
    expect(lineEnd).toBeLessThan(4096)
  })

  test('that is cut off, edited beyond its shape or of other content is undefined', () => {
    const bytes = serializeManifest(sampleManifest())
    expect(parseSummary(bytes.subarray(0, bytes.indexOf(10) - 1))).toBeUndefined()
    expect(parseSummary(Buffer.from(text(bytes).replace('"rows":2', '"rows":"2"')))).toBeUndefined()
    expect(parseSummary(Buffer.from('{"a":1,\n'))).toBeUndefined()
    expect(parseSummary(Buffer.alloc(0))).toBeUndefined()
  })
})
