import { expect, test } from 'vitest'
import type { Manifest } from '../../../../functions/archive/manifest.ts'
import {
  indexesTooLarge,
  refuseLargeArchive,
  refuseLargeIndexes,
} from '../../../../functions/verify/fan-out/refuse-too-large.ts'
import { archiveOf } from '../../../support/archive-entries.ts'
import { failureOf } from '../../../support/failures.ts'

const toc = archiveOf([
  ['TABLE', 'log'],
  ['TABLE', 'users'],
  ['CONSTRAINT', 'log_pkey', ['log'], 'ALTER TABLE ONLY public.log ADD CONSTRAINT log_pkey PRIMARY KEY (id);'],
  ['INDEX', 'log_at', ['log'], 'CREATE INDEX log_at ON public.log USING btree (at);'],
  ['INDEX', 'log_open', ['log'], 'CREATE INDEX log_open ON public.log USING btree (at) WHERE (NOT done);'],
  ['INDEX', 'log_brin', ['log'], 'CREATE INDEX log_brin ON public.log USING brin (at);'],
  ['INDEX', 'users_name', ['users'], 'CREATE INDEX users_name ON public.users USING btree (name);'],
])
const tablesOf = (rows: number) => [
  { oid: 1, rows },
  { oid: 2, rows: 1_000_000 },
]

test('an index over more rows than a call can take in is named, and so is a key', () => {
  const named = indexesTooLarge(tablesOf(18_000_000_000), toc, 855)
  expect(named).toEqual(['CONSTRAINT log_pkey (18000 million rows)', 'INDEX log_at (18000 million rows)'])
  expect(indexesTooLarge(tablesOf(17_000_000_000), toc, 855)).toEqual([])
  const manifest = { summary: { set: 'a-set' }, tables: tablesOf(17_000_000_000) } as unknown as Manifest
  expect(() => refuseLargeIndexes(manifest, toc, 20)).toThrow(/call of 20 s cannot build CONSTRAINT log_pkey/)
  expect(() => refuseLargeIndexes(manifest, toc, 855)).not.toThrow()
})

test('an archive that does not fit on the disk of a call is refused, with what it has', async () => {
  const ofBytes = (bytes: number) =>
    ({ summary: { set: 'a-set' }, files: [{ file: 'schema.dump.age', bytes, sha256: '' }] }) as unknown as Manifest
  await refuseLargeArchive('/tmp', ofBytes(1))
  const failure = await failureOf(refuseLargeArchive('/tmp', ofBytes(1e15)))
  expect(failure).toMatchObject({ kind: 'permanent', code: 'TooLarge', subject: 'set a-set' })
  expect(failure.message).toMatch(/large objects, takes \d+ MB on disk, and \/tmp has \d+ MB free/)
})
