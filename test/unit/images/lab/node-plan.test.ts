import { expect, test } from 'vitest'
import reference from '../../../../ballast.config.ts'
import { labAddresses, labPasswords } from '../../../../functions/images/lab/node-plan.ts'

test('everybody whom the definition names has a password, and each another one', () => {
  const passwords = labPasswords(reference)
  expect(Object.keys(passwords).sort()).toEqual([
    ...['ballast_backup', 'ballast_monitor', 'ballast_replication', 'ledger_owner', 'shop_owner'],
  ])
  expect(new Set(Object.values(passwords)).size).toBe(5)
})

test('a node has its own address, and one of the other family that no other node has', () => {
  const all = reference.nodes.map((node) => labAddresses({ cluster: reference, node }))
  expect(all[1]).toEqual({ ipv4: '10.0.0.11', ipv6: 'fd77::2' })
  expect(new Set(all.map(({ ipv6 }) => ipv6)).size).toBe(reference.nodes.length)
})
