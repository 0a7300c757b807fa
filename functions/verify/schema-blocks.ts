/** One entry of a plain pg_dump script: an object, or something that belongs to one. */
export interface SchemaBlock {
  /** `TRIGGER public.orders audit`: what a person calls it; several blocks may share it. */
  name: string
  /** Its SQL, without what depends on the order of the script. */
  body: string
}

const header = /^-- Name: (.*); Type: (.*); Schema: (.*); Owner: (.*)$/
const defaultAccess = /^SET default_table_access_method = (.*);$/
/** Between entries: what belongs to the script as a whole, or sets the stage for a later entry. */
const between = /^$|^--$|^SET default_|^-- PostgreSQL database dump complete$|^\\(un)?restrict /
/** Types that the default access method applies to. */
const storedTypes = new Set(['TABLE', 'MATERIALIZED VIEW'])

/** Takes a script line by line and gives its entries. What stands before the first one (versions, settings) is dropped. */
export class BlockReader {
  readonly #give: (block: SchemaBlock) => void
  #current: { type: string; name: string; access: string } | undefined
  #access = ''
  #lines: string[] = []

  constructor(give: (block: SchemaBlock) => void) {
    this.#give = give
  }

  line(line: string): void {
    const match = header.exec(line)
    if (match === null) {
      this.#lines.push(line)
      return
    }
    this.end()
    const [, name = '', type = '', schema = ''] = match
    this.#current = { type, name: `${type} ${schema === '-' ? '' : `${schema}.`}${name}`, access: this.#access }
  }

  /** Gives the last entry. */
  end(): void {
    const lines = this.#lines
    this.#lines = []
    let end = lines.length
    while (end > 0 && between.test(lines[end - 1] ?? '')) end -= 1
    this.#access = lines.slice(end).findLast((line) => defaultAccess.test(line)) ?? this.#access
    if (this.#current === undefined) return
    const { type, name, access } = this.#current
    const own = lines.slice(0, end).filter((line, index) => index > 1 || !between.test(line))
    // Grants stand in the order they were made in, which means nothing.
    if (type === 'ACL') own.sort()
    this.#give({ name, body: [...(storedTypes.has(type) ? [access] : []), ...own].join('\n') })
  }
}

/** The entries of one script that have no equal in another; blocks of one name are told apart by their SQL. */
export class BlockComparison {
  readonly #expected = new Map<string, string[]>()
  readonly #extra = new Map<string, string[]>()
  /** Entries in both. */
  equal = 0

  expect({ name, body }: SchemaBlock): void {
    this.#expected.set(name, [...(this.#expected.get(name) ?? []), body])
  }

  /** Called with the other script's entries after all were expected. */
  found({ name, body }: SchemaBlock): void {
    const bodies = this.#expected.get(name) ?? []
    const at = bodies.indexOf(body)
    if (at === -1) {
      this.#extra.set(name, [...(this.#extra.get(name) ?? []), body])
      return
    }
    this.equal += 1
    if (bodies.length === 1) this.#expected.delete(name)
    else bodies.splice(at, 1)
  }

  /** What differs: in one script only, or in both and not the same. */
  differences(): { name: string; expected: string[]; actual: string[] }[] {
    const names = new Set([...this.#expected.keys(), ...this.#extra.keys()])
    return [...names].map((name) => ({
      name,
      expected: this.#expected.get(name) ?? [],
      actual: this.#extra.get(name) ?? [],
    }))
  }
}

/** The first lines in which two texts differ. */
export function firstDifference(expected: string, actual: string): { expected: string; actual: string } {
  const [one, other] = [expected.split('\n'), actual.split('\n')]
  const at = one.findIndex((line, index) => line !== other[index])
  return at === -1
    ? { expected: '', actual: other[one.length] ?? '' }
    : { expected: one[at]?.trim() ?? '', actual: other[at]?.trim() ?? '' }
}
