import { expect, test } from 'vitest'
import { firewallFiles } from '../../../packer/files/firewall.ts'
import { IMAGE_ROLES } from '../../../packer/roles.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'

const reference = await referenceCluster()
const table = (cluster = reference, role: (typeof IMAGE_ROLES)[number] = 'docker'): string =>
  firewallFiles(cluster, role)[0]?.content ?? ''

test.each(IMAGE_ROLES)('the table of %s drops what it does not name, and touches no other', (role) => {
  const text = table(reference, role)
  expect(text.match(/^\t\ttype filter hook (input|forward) priority .*; policy drop;$/gm)).toHaveLength(2)
  expect(text.match(/^(table|delete table|flush|add|destroy) .*/gm)).toEqual([
    'table inet ballast',
    'delete table inet ballast',
    'table inet ballast {',
  ])
})

test('nft 1.0.6 reads one statement a line', () => {
  expect(
    table()
      .split('\n')
      .filter((line) => /accept }|drop }/.test(line) && !line.includes('vmap')),
  ).toEqual([])
})

test('a group without networks, or without one of a family, has no set and no rule', () => {
  const text = table(sampleCluster(), 'primary')
  expect(text.match(/^\tset \w+/gm)).toEqual(['\tset admin4', '\tset app4', '\tset replica4'])
  expect(text).not.toMatch(/@\w+6|@monitor/)
})

test('what the world may use is let through to a container by the port that was asked for', () => {
  const text = table(sampleCluster({ 'firewall.publicPorts': [443, 8443] }))
  expect(text).toContain('tcp dport { 443, 8443 } accept comment "web"')
  expect(text).toContain('meta l4proto tcp ct status dnat ct original proto-dst { 443, 8443 } accept comment "web"')
})

test('a docker node that serves nobody lets nothing through', () => {
  expect(table(sampleCluster({ 'firewall.publicPorts': [] }))).not.toMatch(/proto-dst|"web"/)
})
