import { expect, test } from 'vitest'
import { listSets } from '../../../../functions/archive/catalogue.ts'
import { listDatabases } from '../../../../functions/archive/catalogue-databases.ts'
import { drillsPrefix } from '../../../../functions/archive/keys.ts'
import { sweep } from '../../../../functions/retention/sweep.ts'
import { type FiledRehearsal, fileRehearsal } from '../../../../functions/runtime/rehearsals/file-rehearsal.ts'
import { readRehearsals } from '../../../../functions/runtime/rehearsals/read-rehearsals.ts'
import { parseRehearsalKey, rehearsalKey } from '../../../../functions/runtime/rehearsals/rehearsal-keys.ts'
import { parseRehearsal } from '../../../../functions/runtime/rehearsals/rehearsal-record.ts'
import { failureOf } from '../../../support/failures.ts'
import { useFileStore } from '../../../support/stored-sets.ts'

const files = useFileStore()
const nowMs = Date.parse('2026-11-25T12:00:00Z')
const dayMs = 86_400_000
const read = () => readRehearsals(files.store(), 'shop', nowMs)

function filed(more: Partial<FiledRehearsal> = {}): FiledRehearsal {
  return {
    ...{ cluster: 'shop', rehearsal: 'restore-test', result: 'passed', by: 'Ana Souza', note: 'from nas, 41 min', atMs: nowMs },
    ...more,
  }
}

test('a record is filed under its time, with who did it and what was found', async () => {
  const key = await fileRehearsal(files.store(), filed())
  expect(key).toBe('shop/.ballast/drills/20261125T120000Z-restore-test.json')
  const found = await files.store().readSmall(key)
  expect(parseRehearsal(found?.bytes ?? Buffer.from(''))).toMatchObject({
    ...{ format: 1, cluster: 'shop', rehearsal: 'restore-test', result: 'passed', at: '2026-11-25T12:00:00.000Z' },
    ...{ by: 'Ana Souza', note: 'from nas, 41 min' },
  })
})

test('the newest record of each counts', async () => {
  const store = files.store()
  await fileRehearsal(store, filed({ atMs: nowMs - 40 * dayMs, result: 'scheduled' }))
  await fileRehearsal(store, filed({ atMs: nowMs - dayMs, result: 'failed' }))
  await fileRehearsal(store, filed({ atMs: nowMs - 30 * dayMs }))
  await fileRehearsal(store, filed({ rehearsal: 'drill', by: 'Rui' }))
  await fileRehearsal(store, filed({ cluster: 'other' }))
  expect([...(await read())]).toEqual([
    ['restore-test', { atMs: nowMs - dayMs, result: 'failed', by: 'Ana Souza', note: 'from nas, 41 min' }],
    ['drill', { atMs: nowMs, result: 'passed', by: 'Rui', note: 'from nas, 41 min' }],
  ])
})

test('what a wrong clock filed under a time to come does not count before', async () => {
  await fileRehearsal(files.store(), filed({ atMs: nowMs - dayMs }))
  await fileRehearsal(files.store(), filed({ atMs: nowMs + dayMs, result: 'failed' }))
  expect((await read()).get('restore-test')).toMatchObject({ atMs: nowMs - dayMs, result: 'passed' })
})

test('a record is never replaced', async () => {
  await fileRehearsal(files.store(), filed())
  const failure = await failureOf(fileRehearsal(files.store(), filed({ result: 'failed' })))
  expect(failure).toMatchObject({ kind: 'transient', code: 'Busy' })
  expect((await read()).get('restore-test')).toMatchObject({ result: 'passed' })
})

test.each([
  ['is no JSON', 'passed'],
  ['is about something else', JSON.stringify({ format: 1, rehearsal: 'drill' })],
  ['is empty', ''],
])('a newest record that %s is no proof, and never passed over', async (_, text) => {
  await fileRehearsal(files.store(), filed({ atMs: nowMs - dayMs }))
  const key = rehearsalKey('shop', { rehearsal: 'restore-test', atMs: nowMs })
  await files.store().put(key, Buffer.from(text))
  const failure = await failureOf(read())
  expect(failure).toMatchObject({ kind: 'permanent', code: 'DAMAGED', subject: expect.stringContaining(key) })
  expect(failure.hint).toContain('ballast rehearse --record restore-test')
})

test('a record under the name of another rehearsal is none', async () => {
  const source = await fileRehearsal(files.store(), filed({ rehearsal: 'drill', atMs: nowMs - dayMs }))
  const copied = await files.store().readSmall(source)
  await files.store().put(rehearsalKey('shop', { rehearsal: 'restore-test', atMs: nowMs }), copied?.bytes ?? Buffer.from(''))
  expect(await failureOf(read())).toMatchObject({ code: 'DAMAGED' })
})

test('nothing filed is nothing read; a directory that is not there neither', async () => {
  expect([...(await read())]).toEqual([])
})

test.each([
  ['shop/.ballast/drills/20261125T120000Z-restore-test.json', { rehearsal: 'restore-test', atMs: nowMs }],
  ['shop/.ballast/drills/20261125T120000Z-drill.json', { rehearsal: 'drill', atMs: nowMs }],
  ['shop/.ballast/drills/20261125T120000Z-stress.json', undefined],
  ['shop/.ballast/drills/20261131T120000Z-drill.json', undefined],
  ['shop/.ballast/drills/drill.json', undefined],
  ['shop/.ballast/drills/20261125T120000Z-drill.txt', undefined],
  ['shop/.ballast/drills/old/20261125T120000Z-drill.json', undefined],
  ['other/.ballast/drills/20261125T120000Z-drill.json', undefined],
])('%s', (key, parsed) => {
  expect(parseRehearsalKey('shop', key)).toEqual(parsed)
})

test('records are taken for no set, listed as no database and swept by nothing', async () => {
  const store = files.store()
  const key = await fileRehearsal(store, filed())
  expect(await listSets(store, {})).toEqual([])
  expect(await listDatabases(store, {})).toEqual([])
  await sweep(store, { filter: {}, olderThanSeconds: -1, dryRun: false })
  expect((await store.head(key))?.key).toBe(key)
  expect(key.startsWith(drillsPrefix('shop'))).toBe(true)
})
