import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../platform/failure.ts'

/** The archive format that this version writes; docs/archive-format.md describes it. */
export const archiveFormat = 1

const count = z.number().int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const digest = z.string().regex(/^[0-9a-f]{16}$/)
const instant = z.iso.datetime()

const storedFile = z.strictObject({ file: z.string(), bytes: count, sha256 })

const chunk = z.strictObject({
  /** Number of the unit that holds the frame. */
  unit: z.number().int().positive(),
  /** Where the frame starts in the unit, and its compressed size. */
  offset: count,
  length: count,
  /** COPY text in the frame. */
  rawBytes: count,
  rows: count,
  /** Of the frame as stored. */
  sha256,
})

const table = z.strictObject({
  schema: z.string(),
  name: z.string(),
  /** In the source: pg_dump's archive names the table's entry by it. */
  oid: count,
  /** The columns that COPY carries, in order: generated ones are left out. */
  columns: z.array(z.string()),
  rows: count,
  /** COPY text of all rows. */
  rawBytes: count,
  /** Sum of XXH64 over the rows' COPY text, modulo 2^64. */
  digest,
  /** Which file carries the rows: units, or pg_dump's archive for what only pg_dump can carry safely. */
  stored: z.enum(['units', 'schema.dump']),
  /** For configuration tables of extensions: the WHERE clause that pg_dump applies. */
  filter: z.string().optional(),
  chunks: z.array(chunk),
})

export const sequenceSchema = z.strictObject({
  schema: z.string(),
  name: z.string(),
  /** The column it feeds, when it is owned by one. */
  owner: z.strictObject({ schema: z.string(), table: z.string(), column: z.string() }).optional(),
})

const databaseSetting = z.strictObject({ role: z.string().optional(), setting: z.string(), value: z.string() })

export const databaseSchema = z.strictObject({
  name: z.string(),
  owner: z.string(),
  encoding: z.string(),
  collate: z.string(),
  ctype: z.string(),
  localeProvider: z.enum(['libc', 'icu', 'builtin']),
  locale: z.string().optional(),
  comment: z.string().optional(),
  connectionLimit: z.number().int(),
  settings: z.array(databaseSetting),
  /** Who may do what with the database itself; absent when nobody ever changed the default. */
  grants: z.array(z.strictObject({ grantee: z.string(), privilege: z.string(), grantable: z.boolean() })).optional(),
})

export const manifestSchema = z.strictObject({
  format: z.literal(archiveFormat),
  /** First, so that a listing can read it from the first bytes of the object. */
  summary: z.strictObject({
    set: z.string(),
    cluster: z.string(),
    database: z.string(),
    startedAt: instant,
    finishedAt: instant,
    tables: count,
    rows: count,
    rawBytes: count,
    storedBytes: count,
    serverVersion: z.string(),
    sourceRole: z.enum(['primary', 'standby']),
  }),
  ballast: z.string(),
  /** Absent where the files are stored as they are. Then no name ends in `.age`; otherwise all of `files` and `units` do. */
  encryption: z
    .strictObject({
      type: z.literal('age'),
      recipients: z.array(z.string()).min(1),
      /** Where a set was encrypted while it was copied: the SHA-256 of the manifest.json that it was copied from. */
      copyOf: sha256.optional(),
    })
    .optional(),
  source: z.strictObject({
    systemIdentifier: z.string(),
    timeline: count,
    snapshotLsn: z.string(),
    versionNum: count,
  }),
  tools: z.strictObject({ pgDump: z.string() }),
  databaseProperties: databaseSchema,
  files: z.array(storedFile),
  units: z.array(storedFile),
  tables: z.array(table),
  sequences: z.array(sequenceSchema),
  /** Of all large objects together: pages of 1 MiB, and the digest of those. */
  largeObjects: z.strictObject({ pages: count, digest }),
  /** What is knowingly not in the set, and why. */
  omitted: z.array(z.strictObject({ subject: z.string(), reason: z.string() })),
  warnings: z.array(z.string()),
  secondsByPhase: z.record(z.string(), z.number().nonnegative()),
})

/** What a set is; see the comments on the schema above for units and shapes. */
export type Manifest = z.infer<typeof manifestSchema>
export type ManifestTable = z.infer<typeof table>
export type ManifestSequence = z.infer<typeof sequenceSchema>
export type ManifestFile = z.infer<typeof storedFile>
export type DatabaseProperties = z.infer<typeof databaseSchema>
export type ManifestSummary = Manifest['summary']

/** A manifest's bytes: the summary first and on one line, last the SHA-256 of everything before that field. */
export function serializeManifest(manifest: Manifest): Uint8Array {
  const { format, summary, ...rest } = manifest
  const body = JSON.stringify(rest, undefined, 1).slice(1, -2)
  const signed = `{"format":${format},"summary":${JSON.stringify(summary)},${body},\n`
  return Buffer.from(`${signed}${checksumField}${sha256Hex(signed)}"}\n`)
}

/** Reads a manifest; a damaged or edited one, or one of a later format, is a permanent Failure naming the set. */
export function parseManifest(bytes: Uint8Array, set: string): Manifest {
  const text = Buffer.from(bytes).toString('utf8')
  let parsed: Record<string, unknown>
  try {
    parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch (cause) {
    throw damaged(set, 'it is not a JSON object', cause)
  }
  const { format, checksum, ...fields } = parsed
  if (typeof format === 'number' && format > archiveFormat) {
    throw new Failure(`the set has archive format ${format}; this version reads up to ${archiveFormat}`, {
      kind: 'permanent',
      subject: set,
      hint: 'Use a newer Ballast, or the restore.sh that lies in the set.',
    })
  }
  if (checksum !== sha256Hex(text.slice(0, Math.max(0, text.lastIndexOf(checksumField))))) {
    throw damaged(set, 'its checksum does not match its content', undefined)
  }
  const result = manifestSchema.safeParse({ format, ...fields })
  if (!result.success) {
    const first = result.error.issues[0]
    throw damaged(set, `${first?.path.join('.') ?? ''}: ${first?.message ?? 'invalid'}`, result.error)
  }
  return result.data
}

/** The summary from a manifest's first bytes (4 KiB are plenty); undefined when it is not there. */
export function parseSummary(start: Uint8Array): ManifestSummary | undefined {
  const line = Buffer.from(start).toString('utf8').split('\n', 1)[0] ?? ''
  if (!line.endsWith(',')) return undefined
  try {
    return manifestSchema.shape.summary.parse((JSON.parse(`${line.slice(0, -1)}}`) as { summary: unknown }).summary)
  } catch {
    return undefined
  }
}

const checksumField = '"checksum":"'

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function damaged(set: string, what: string, cause: unknown): Failure {
  return new Failure(`the manifest of this set is damaged: ${what}`, {
    kind: 'permanent',
    subject: set,
    hint: 'Use another set or another copy of this one; `ballast list` shows them.',
    code: 'DAMAGED',
    cause,
  })
}
