import { Failure } from '../platform/failure.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { TocEntry } from '../restore/toc.ts'

/** Fails when the set needs an extension that the server cannot offer: then nothing can be said about the set. */
export async function refuseMissingExtensions(session: Session, toc: readonly TocEntry[]): Promise<void> {
  const needed = toc.filter((entry) => entry.type === 'EXTENSION').map((entry) => entry.tag)
  const missing = await session.query<{ name: string }>(
    `SELECT wanted.name FROM unnest($1::text[]) AS wanted(name)
      WHERE NOT EXISTS (SELECT FROM pg_available_extensions e WHERE e.name = wanted.name) ORDER BY 1`,
    [needed],
  )
  const [first] = missing
  if (first === undefined) return
  const major = Math.floor(session.versionNum / 10_000)
  const names = missing.map(({ name }) => name)
  throw new Failure(`this set cannot be verified here: the server lacks the extension ${names.join(', ')}`, {
    kind: 'config',
    subject: `extension ${first.name}`,
    hint: `Install it, on Debian probably with: apt-get install ${[...new Set(names.map((name) => debianPackage(name, major)))].join(' ')}`,
    code: 'EXTENSION_MISSING',
  })
}

const packages: Readonly<Record<string, (major: number) => string>> = {
  plperl: (major) => `postgresql-plperl-${major}`,
  plperlu: (major) => `postgresql-plperl-${major}`,
  plpython3u: (major) => `postgresql-plpython3-${major}`,
  pltcl: (major) => `postgresql-pltcl-${major}`,
  postgis: (major) => `postgresql-${major}-postgis-3`,
  timescaledb: (major) => `timescaledb-2-postgresql-${major}`,
  vector: (major) => `postgresql-${major}-pgvector`,
  pg_cron: (major) => `postgresql-${major}-cron`,
  pg_partman: (major) => `postgresql-${major}-partman`,
}

/** Modules that come with the server's own package. */
const contrib =
  /^(adminpack|amcheck|autoinc|bloom|btree_gin|btree_gist|citext|cube|dblink|dict_(int|xsyn)|earthdistance|file_fdw|fuzzystrmatch|hstore|intarray|isn|lo|ltree|pageinspect|pg_(buffercache|freespacemap|prewarm|stat_statements|surgery|trgm|visibility|walinspect)|pgcrypto|pgrowlocks|pgstattuple|postgres_fdw|seg|sslinfo|tablefunc|tcn|tsm_.*|unaccent|uuid-ossp|xml2)$/

/** The Debian package that an extension most likely comes in. */
export function debianPackage(extension: string, major: number): string {
  const known = packages[extension] ?? packages[extension.replace(/_(topology|raster|sfcgal|tiger_geocoder)$/, '')]
  if (known !== undefined) return known(major)
  if (contrib.test(extension)) return `postgresql-${major}`
  return `postgresql-${major}-${extension.toLowerCase().replaceAll('_', '-')}`
}
