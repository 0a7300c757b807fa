import { Failure } from '../platform/failure.ts'

/** One entry of a pg_dump archive's table of contents. */
export interface TocEntry {
  dumpId: number
  /** Catalogue that the object came from, and its OID there. */
  catalogOid: number
  oid: number
  /** The object's name; for objects of a table `table name`. */
  tag: string
  /** What it is, as pg_restore --list shows it: `TABLE`, `INDEX`, `FK CONSTRAINT`. */
  type: string
  section: 'none' | 'pre-data' | 'data' | 'post-data'
  schema: string
  owner: string
  /** The SQL that makes it; one entry's statements run in one transaction. */
  definition: string
  /** Dump ids of what must be there before. */
  dependencies: number[]
}

const sections = ['', 'none', 'pre-data', 'data', 'post-data'] as const

/**
 * Reads the table of contents of a custom-format archive (`ReadToc` and `ReadHead` in pg_backup_archiver.c; archive
 * versions 1.14 to 1.16, which PostgreSQL 12 to 18 write). `pg_restore --list` leaves out the dependencies, which say
 * what belongs to a table.
 */
export function readToc(archive: Uint8Array): TocEntry[] {
  const reader = new TocReader(archive)
  const version = reader.header()
  const entries: TocEntry[] = []
  for (let left = reader.integer(); left > 0; left -= 1) entries.push(reader.entry(version))
  return entries
}

class TocReader {
  readonly #bytes: Buffer
  #position = 0
  #integerBytes = 4
  #offsetBytes = 8

  constructor(archive: Uint8Array) {
    this.#bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  }

  /** Reads up to the number of entries; returns the archive's minor version. */
  header(): number {
    if (this.#take(5).toString('latin1') !== 'PGDMP') throw unreadable('it does not start with PGDMP')
    const major = this.#byte()
    const minor = this.#byte()
    this.#byte()
    if (major !== 1 || minor < 14 || minor > 16) throw unreadable(`its version is ${major}.${minor}`)
    this.#integerBytes = this.#byte()
    this.#offsetBytes = this.#byte()
    this.#byte() // the format: custom
    if (minor >= 15) this.#byte()
    else this.integer() // the compression
    for (let field = 0; field < 7; field += 1) this.integer() // the time
    for (let field = 0; field < 3; field += 1) this.#text() // database, server and pg_dump version
    return minor
  }

  entry(minor: number): TocEntry {
    const dumpId = this.integer()
    this.integer()
    const catalogOid = Number(this.#text())
    const oid = Number(this.#text())
    const tag = this.#text()
    const type = this.#text()
    const section = sections[this.integer()]
    if (section === undefined || section === '') throw unreadable(`entry ${dumpId} is in no section`)
    const definition = this.#text()
    for (let field = 0; field < 2; field += 1) this.#text() // drop and copy statements
    const schema = this.#text()
    this.#text() // tablespace
    this.#text() // access method
    if (minor >= 16) this.integer() // relkind
    const owner = this.#text()
    this.#text() // with oids
    const dependencies: number[] = []
    for (let id = this.#text(); id !== ''; id = this.#text()) dependencies.push(Number(id))
    this.#take(1 + this.#offsetBytes) // position of the data
    return { dumpId, catalogOid, oid, tag, type, section, schema, owner, definition, dependencies }
  }

  /** A sign byte, then little-endian bytes. */
  integer(): number {
    const negative = this.#byte() !== 0
    const value = this.#take(this.#integerBytes).readUIntLE(0, this.#integerBytes)
    return negative ? -value : value
  }

  #text(): string {
    const length = this.integer()
    return length <= 0 ? '' : this.#take(length).toString('utf8')
  }

  #byte(): number {
    return this.#take(1).readUInt8(0)
  }

  #take(length: number): Buffer {
    const end = this.#position + length
    if (end > this.#bytes.length) throw unreadable('it ends inside its table of contents')
    const bytes = this.#bytes.subarray(this.#position, end)
    this.#position = end
    return bytes
  }
}

function unreadable(why: string): Failure {
  return new Failure(`the pg_dump archive cannot be read: ${why}`, {
    kind: 'permanent',
    subject: 'schema.dump',
    hint: 'Restore the whole set with its restore.sh and a pg_restore of the version that wrote it, or use a newer Ballast.',
  })
}
