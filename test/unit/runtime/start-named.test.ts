import { describe, expect, it } from 'vitest'
import { startNamed } from '../../../functions/runtime/start-named.ts'
import { failureOf } from '../../support/failures.ts'

const run = { database: 'app', set: '2026-11-25T060000Z-daily' }

describe('a run that is handed over', () => {
  it('has one name, however often it is asked for, and another for each database and each part', async () => {
    const names: string[] = []
    const start = (name: string): Promise<'running'> => {
      names.push(name)
      return Promise.resolve('running')
    }
    for (const database of ['app', 'app', 'other']) await startNamed({ ...run, database }, {}, start)
    for (const part of ['1', '1', '2']) await startNamed(run, {}, start, part)
    expect(names[0]).toBe(names[1])
    expect(names[3]).toBe(names[4])
    expect(new Set(names).size).toBe(4)
    const longest = `2026-11-25T060000Z-${'x'.repeat(48)}`
    await startNamed({ ...run, set: longest }, {}, start, '3')
    for (const name of names) expect(name).toMatch(/^[\w-]{1,78}$/)
  })

  it('is given what it is to do', async () => {
    const input = { database: 'app' }
    const given: object[] = []
    await startNamed(run, input, (_, asked) => {
      given.push(asked)
      return Promise.resolve('running')
    })
    expect(given).toEqual([input])
  })

  it('is not taken up for ever', async () => {
    let asked = 0
    const start = (): Promise<'ended'> => {
      asked += 1
      return Promise.resolve('ended')
    }
    expect(await failureOf(startNamed(run, {}, start))).toMatchObject({ kind: 'permanent', code: 'TooManyResumes' })
    expect(asked).toBe(9)
  })
})
