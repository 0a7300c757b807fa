import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runnableNames } from '../../../cli/run-operation/operations.ts'

const index = readFileSync(new URL('../../../docs/runbooks/README.md', import.meta.url), 'utf8')
const headings = [...index.matchAll(/^### (\S+)$/gm)].map(([, name]) => name)

test('every alert has its heading among the runbooks, and no other has one', () => {
  const failed = [...runnableNames, 'rehearse'].map((operation) => `${operation}-failed`)
  expect(headings.sort()).toEqual([...failed, 'replication', 'freshness', 'test'].sort())
})
