import { BlockList, isIP } from 'node:net'
import { quote, refuse, type Verdict } from './verdict.ts'

/** A network: `10.0.0.0/24` or `2001:db8::/64`, with no host bits set. */
export interface Cidr {
  text: string
  address: string
  prefixLength: number
  family: 'ipv4' | 'ipv6'
}

const FIX = "write a network, e.g. '10.0.0.0/24', or one host as '10.0.0.5/32'"

/** The number behind an address, for masking; the address must be valid. */
function addressBits(address: string, family: Cidr['family']): bigint {
  if (family === 'ipv4') return address.split('.').reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n)
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = groups.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n)
}

/** A network in CIDR notation, IPv4 or IPv6. */
export function parseCidr(raw: unknown): Verdict<Cidr> {
  const [, address = '', length = ''] = (typeof raw === 'string' && /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(raw)) || []
  const version = isIP(address)
  const width = version === 4 ? 32 : 128
  const prefixLength = Number(length)
  if (typeof raw !== 'string' || version === 0 || prefixLength > width) return refuse(`${quote(raw)} is not a network`, FIX)
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const hostBits = (1n << BigInt(width - prefixLength)) - 1n
  if ((addressBits(address, family) & hostBits) !== 0n) {
    return refuse(
      `${quote(raw)} has host bits set`,
      `write the network's first address, or ${address}/${width} for this host alone`,
    )
  }
  return { value: { text: raw, address, prefixLength, family } }
}

/** Whether the address lies in the network. */
export function contains(cidr: Cidr, address: string): boolean {
  const list = new BlockList()
  list.addSubnet(cidr.address, cidr.prefixLength, cidr.family)
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Whether two networks share any address. */
export function overlap(a: Cidr, b: Cidr): boolean {
  if (a.family !== b.family) return false
  return a.prefixLength <= b.prefixLength ? contains(a, b.address) : contains(b, a.address)
}

/** One IPv4 or IPv6 address. */
export function parseAddress(raw: unknown): Verdict<string> {
  return typeof raw === 'string' && isIP(raw) !== 0
    ? { value: raw }
    : refuse(`${quote(raw)} is not an IP address`, "write e.g. '10.0.0.11'")
}

/** A network that is written in the program, not in a definition. */
export function knownCidr(text: string): Cidr {
  const verdict = parseCidr(text)
  if ('value' in verdict) return verdict.value
  throw new Error(`${text}: ${verdict.rule}`)
}
