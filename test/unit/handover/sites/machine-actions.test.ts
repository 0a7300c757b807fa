import { expect, test } from 'vitest'
import type { Cluster } from '../../../../config/index.ts'
import { knownHost } from '../../../../handover/sites/lab/lab-access.ts'
import { machinesSite } from '../../../../handover/sites/machines-site.ts'
import { passwordSql } from '../../../../handover/sites/password-sql.ts'
import { cutOffTable } from '../../../../handover/sites/ssh/cut-off.ts'
import { parseRoom } from '../../../../handover/sites/ssh/filled-disk.ts'
import { probedAddresses } from '../../../../handover/sites/ssh/probed-addresses.ts'
import { sampleCluster } from '../../../support/definitions.ts'

test('a replica is cut off from the other servers alone, in both families, and in one transaction', () => {
  const lines = cutOffTable(['10.0.0.11', 'fd00::13'], 5432).split('\n')
  expect(lines.slice(0, 3)).toEqual([
    'add table inet ballast_drill',
    'delete table inet ballast_drill',
    'add table inet ballast_drill',
  ])
  expect(lines.slice(-5)).toEqual([
    'add rule inet ballast_drill from_others ip saddr 10.0.0.11 tcp sport 5432 drop',
    'add rule inet ballast_drill to_others ip daddr 10.0.0.11 tcp dport 5432 drop',
    'add rule inet ballast_drill from_others ip6 saddr fd00::13 tcp sport 5432 drop',
    'add rule inet ballast_drill to_others ip6 daddr fd00::13 tcp dport 5432 drop',
    '',
  ])
})

test('an administrator reaches SSH everywhere, the databases directly, and what is public', () => {
  const probed = probedAddresses(sampleCluster())
  expect(probed.map(({ node, address, open }) => [node, address, open])).toEqual([
    ['app-1', '10.0.0.10', [22, 80, 443]],
    ['db-1', '10.0.0.11', [22, 5432, 6432]],
    ['db-2', '10.0.0.12', [22, 5432, 6432]],
  ])
  for (const { ports, open } of probed) {
    expect(ports).toEqual(expect.arrayContaining([...open, 2375, 9100]))
    expect(ports).toEqual([...new Set(ports)].sort((a, b) => a - b))
  }
})

test('machines of a definition have the application that it names, and those of a lab have none', async () => {
  const site = (on: 'cluster' | 'images', cluster: Cluster) => {
    return machinesSite({ on, definition: cluster, cluster, env: {}, store: { type: 'file', directory: '/nowhere' } }, [])
  }
  const { signal } = new AbortController()
  const served = sampleCluster({ 'loadtests.targets': { entries: 'https://app.example.com/entries' } })
  const application = await site('cluster', served).application?.('', signal)
  expect(application?.targets).toEqual([{ name: 'entries', url: 'https://app.example.com/entries' }])
  expect(site('images', served).application).toBeUndefined()
  await expect(site('cluster', sampleCluster()).application?.('', signal)).rejects.toThrow('names no service')
})

test('the room of a disk is read from df, or it is an error', () => {
  expect(parseRoom('   1B-blocks      Avail\n 8350298112 6012954214\n')).toEqual({ total: 8_350_298_112, free: 6_012_954_214 })
  expect(() => parseRoom('df: no such file')).toThrow('df said')
})

test('a password is a literal whatever is in it, and is not logged', () => {
  const [settings, statement] = passwordSql('shop "owner"', String.raw`a'b\c`).split('\n')
  expect(settings).toContain('log_statement = none')
  expect(statement).toBe(String.raw`ALTER ROLE "shop ""owner""" PASSWORD E'a\'b\\c';`)
})

test.each([
  [22, '10.77.0.11 ssh-ed25519 AAAA\n'],
  [2222, '[10.77.0.11]:2222 ssh-ed25519 AAAA\n'],
])('a host key is known by the machine and its port %i', (port, line) => {
  expect(knownHost('10.77.0.11', port, 'ssh-ed25519 AAAA root@db-1\n')).toBe(line)
})
