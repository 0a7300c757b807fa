import type { Cidr, Cluster } from '../../../config/index.ts'

/** Who a test speaks as: a group of the definition's `firewall`, or somebody whom it does not name. */
export type Speaker = 'admin' | 'app' | 'replica' | 'monitor' | 'stranger'

/** One address of each speaker, in one family; a group without networks of the family, or without a free address, has none. */
export type Speakers = Partial<Record<Speaker, string>>

/** Addresses that stand in documentation, and so in nobody's definition. */
const strangers = { ipv4: '198.51.100.99', ipv6: '2001:db8:ffff::99' } as const

/** @param taken addresses of the machines that run: a test cannot speak from those. */
export function speakers({ firewall }: Cluster, family: Cidr['family'], taken: readonly string[]): Speakers {
  const groups = (['admin', 'app', 'replica', 'monitor'] as const).flatMap((group) => {
    const free = firewall[group]
      .filter((network) => network.family === family)
      .flatMap(firstAddresses)
      .find((address) => !taken.includes(address))
    return free === undefined ? [] : [[group, free] as const]
  })
  return { ...Object.fromEntries(groups), stranger: strangers[family] }
}

const candidates = 16

/** The first addresses of a network that a machine may have. */
export function firstAddresses({ address, prefixLength, family }: Cidr): string[] {
  const width = family === 'ipv4' ? 32 : 128
  if (prefixLength === width) return [address]
  const size = 2 ** Math.min(width - prefixLength, 16)
  const count = Math.min(candidates, family === 'ipv4' ? size - 2 : size - 1)
  return Array.from({ length: Math.max(count, 1) }, (_, index) => plus(address, index + 1, family))
}

/** An address some steps after a network's first; no step carries over into the next group of digits. */
function plus(address: string, steps: number, family: Cidr['family']): string {
  if (family === 'ipv4') return address.replace(/\d+$/, (last) => String(Number(last) + steps))
  const shortest = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  if (shortest.endsWith('::')) return `${shortest}${steps.toString(16)}`
  return shortest.replace(/[0-9a-f]+$/, (last) => (Number.parseInt(last, 16) + steps).toString(16))
}
