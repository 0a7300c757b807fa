import { expect, it } from 'vitest'
import type { TaskResult } from '../../../../functions/backup/copy-unit.ts'
import { type RunContent, reconcile } from '../../../../functions/backup/fan-out/reconcile.ts'

const sha256 = 'a'.repeat(64)
const chunk = (table: number) => ({ table, rows: 1, bytes: 2, digest: '0'.repeat(16) })
const frame = { offset: 0, length: 9, sha256 }
const unit = (table: number, bytes: number): TaskResult => ({
  chunks: [{ ...chunk(table), frame }],
  stored: { key: 'k', bytes, sha256 },
})
const dump = (file: string, bytes: number) => ({ stored: { file, bytes, sha256 }, stderr: '', toolVersion: '17' })

const whole: RunContent = {
  tasks: [
    { type: 'digest', chunks: [{ table: 2 }] },
    { type: 'unit', unit: 1, chunks: [{ table: 0 }] },
    { type: 'unit', unit: 2, chunks: [{ table: 1 }] },
  ],
  results: [{ chunks: [chunk(2)] }, unit(0, 10), unit(1, 20)],
  schema: dump('schema.dump', 5),
  globals: dump('globals.sql', 6),
  files: new Map([
    ['data/000001.zst', 10],
    ['data/000002.zst', 20],
    ['schema.dump', 5],
    ['globals.sql', 6],
  ]),
  encrypted: false,
}
const files = (changed: [string, number][]) => new Map([...whole.files, ...changed])
const without = (file: string) => new Map([...whole.files].filter(([name]) => name !== file))

it('nothing keeps a whole set from being published', () => {
  expect(reconcile(whole)).toEqual([])
  const sealed = new Map([...whole.files].map(([name, bytes]) => [`${name}.age`, bytes] as const))
  expect(reconcile({ ...whole, files: sealed, encrypted: true })).toEqual([])
})

it.each<[Partial<RunContent>, RegExp]>([
  [{ results: [whole.results[0], undefined, whole.results[2]] }, /data\/000001\.zst was not copied/],
  [{ results: [undefined, whole.results[1], whole.results[2]] }, /what pg_dump stores was not copied/],
  [{ results: whole.results.slice(0, 2) }, /data\/000002\.zst was not copied/],
  [{ files: without('data/000002.zst') }, /data\/000002\.zst is missing/],
  [{ files: files([['data/000002.zst', 19]]) }, /has 19 bytes instead of 20/],
  [{ files: files([['data/000003.zst', 1]]) }, /data\/000003\.zst is not in the plan/],
  [{ files: without('schema.dump') }, /schema\.dump is missing/],
  [{ files: files([['globals.sql', 7]]) }, /globals\.sql has 7 bytes/],
  [{ schema: undefined }, /schema\.dump has no result/],
  [{ globals: undefined }, /globals\.sql has no result/],
  [{ results: [whole.results[0], { chunks: [chunk(0)] }, whole.results[2]] }, /000001\.zst was read, and not stored/],
  [{ results: [whole.results[0], unit(1, 10), whole.results[2]] }, /000001\.zst has other tables/],
  [{ results: [{ chunks: [] }, whole.results[1], whole.results[2]] }, /0 chunks instead of 1/],
  [{ encrypted: true }, /schema\.dump\.age is missing/],
])('%# is named', (changed, problem) => {
  expect(reconcile({ ...whole, ...changed }).join('; ')).toMatch(problem)
})
