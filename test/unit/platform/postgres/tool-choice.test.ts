import { describe, expect, test } from 'vitest'
import {
  CLIENT_PROGRAMS,
  chooseServer,
  chooseTools,
  parseToolVersion,
  SERVER_PROGRAMS,
  type ToolCandidate,
} from '../../../../functions/platform/postgres/tool-choice.ts'

const candidate = (directory: string, version: string, programs: readonly string[] = CLIENT_PROGRAMS): ToolCandidate => ({
  directory,
  version,
  major: Number.parseInt(version, 10),
  programs,
})

describe('the tools chosen', () => {
  test.each([
    ["the server's own", ['14.2', '16.1', '15.9'], '15.9'],
    ['the next newer', ['18.1', '14.2', '17.3', '16.1'], '16.1'],
    ['the newest minor, by number', ['15.9', '15.18'], '15.18'],
    ['a release before its pre-release', ['18beta1', '18.0'], '18.0'],
    ['a pre-release where nothing else fits', ['14.2', '15beta2'], '15beta2'],
    ["the server's own version", ['15.0'], '15.0'],
  ])('%s', (_name, versions, expected) => {
    const candidates = versions.map((version) => candidate(`/${version}`, version))
    expect(chooseTools(candidates, 15).version).toBe(expected)
  })

  test('the first of equals', () => {
    expect(chooseTools([candidate('/a', '15.1'), candidate('/b', '15.1')], 15).directory).toBe('/a')
  })

  test('an incomplete directory is passed over', () => {
    expect(chooseTools([candidate('/a', '17.1', ['pg_dump', 'psql']), candidate('/b', '15.1')], 15).directory).toBe('/b')
  })

  test('none that fits: what was found, and what to install', () => {
    const found = [candidate('/a', '14.2 (Debian)'), candidate('/b', '16.0', ['pg_dump'])]
    expect(() => chooseTools(found, 16)).toThrow(
      expect.objectContaining({
        kind: 'config',
        message: expect.stringContaining('found 14.2 in /a; 16.0 in /b without pg_restore, pg_dumpall, psql'),
        hint: expect.stringContaining('apt-get install postgresql-client-16'),
      }),
    )
    expect(() => chooseTools([], 16)).toThrow('found none')
  })
})

describe('the server beside the tools', () => {
  const all = [...CLIENT_PROGRAMS, ...SERVER_PROGRAMS]
  const tools = candidate('/16', '16.1')

  test('comes from their own directory, then from their major, then from the nearest', () => {
    const [own, same, newer, older] = [
      candidate('/16', '16.1', all),
      candidate('/s16', '16.0', SERVER_PROGRAMS),
      candidate('/s17', '17.0', SERVER_PROGRAMS),
      candidate('/s14', '14.0', SERVER_PROGRAMS),
    ]
    expect(chooseServer([newer, same, own, older], tools, 15)?.directory).toBe('/16')
    expect(chooseServer([newer, same, older], tools, 15)?.directory).toBe('/s16')
    expect(chooseServer([newer, older], tools, 15)?.directory).toBe('/s17')
    expect(chooseServer([older], tools, 15)).toBeUndefined()
  })
})

test.each([
  ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n', { major: 15, version: '15.18 (Debian 15.18-0+deb12u1)' }],
  ['postgres (PostgreSQL) 18beta1', { major: 18, version: '18beta1' }],
  ['pg_dump (EnterpriseDB) x', undefined],
  ['', undefined],
])('the version in %j', (answer, expected) => {
  expect(parseToolVersion(answer)).toEqual(expected)
})
