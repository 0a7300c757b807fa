/**
 * What machines let in, written by hand from what the roles are for: not from the model that renders the rules.
 * A cell is what a connection from the row's address to the column's port meets.
 */
import type { ClusterInput } from '../../../config/index.ts'
import type { Answer } from './probe.ts'

/** Networks of both address families in every group; the addresses below are in them, or one beside. */
const firewall: ClusterInput['firewall'] = {
  admin: ['203.0.113.7/32', '2001:db8:7::/48'],
  app: ['10.0.0.10/32', '2001:db8:a::10/128'],
  replica: ['10.0.0.12/31', '2001:db8:b::/64'],
  monitor: ['10.0.0.20/32', '2001:db8:c::20/128'],
  publicPorts: [80, 443],
}

/** What makes the sample definition the one that the tables are about. */
export const guarded = { firewall, 'nodes[1].address': '10.0.0.13' }

/** Who asks, by the names of the tables' rows. */
export const sources = {
  'admin, IPv4': '203.0.113.7',
  'admin, IPv6': '2001:db8:7:1::1',
  'application, IPv4': '10.0.0.10',
  'application, IPv6': '2001:db8:a::10',
  'database, IPv4': '10.0.0.13',
  'database, IPv6': '2001:db8:b::f',
  'monitor, IPv4': '10.0.0.20',
  'monitor, IPv6': '2001:db8:c::20',
  'beside the admin, IPv4': '203.0.113.8',
  'beside the admin, IPv6': '2001:db8:8::1',
  'beside the databases': '10.0.0.14',
  'same network': '10.0.0.99',
  'stranger, IPv4': '198.51.100.9',
  'stranger, IPv6': '2001:db8:dead::1',
} as const

export type Source = keyof typeof sources

const database = `
                          22    80    111   443   2375  5432  6432  8080  9100  9187
  admin, IPv4             open  -     -     -     -     open  open  -     -     -
  admin, IPv6             open  -     -     -     -     open  open  -     -     -
  application, IPv4       -     -     -     -     -     -     open  -     -     -
  application, IPv6       -     -     -     -     -     -     open  -     -     -
  database, IPv4          -     -     -     -     -     open  -     -     -     -
  database, IPv6          -     -     -     -     -     open  -     -     -     -
  monitor, IPv4           -     -     -     -     -     -     -     -     open  open
  monitor, IPv6           -     -     -     -     -     -     -     -     open  open
  beside the admin, IPv4  -     -     -     -     -     -     -     -     -     -
  beside the admin, IPv6  -     -     -     -     -     -     -     -     -     -
  beside the databases    -     -     -     -     -     -     -     -     -     -
  same network            -     -     -     -     -     -     -     -     -     -
  stranger, IPv4          -     -     -     -     -     -     -     -     -     -
  stranger, IPv6          -     -     -     -     -     -     -     -     -     -`

const docker = `
                          22    80    111   443   2375  5432  6432  8080  9100  9187
  admin, IPv4             open  open  -     open  -     -     -     -     -     -
  admin, IPv6             open  open  -     open  -     -     -     -     -     -
  application, IPv4       -     open  -     open  -     -     -     -     -     -
  application, IPv6       -     open  -     open  -     -     -     -     -     -
  database, IPv4          -     open  -     open  -     -     -     -     -     -
  database, IPv6          -     open  -     open  -     -     -     -     -     -
  monitor, IPv4           -     open  -     open  -     -     -     -     open  -
  monitor, IPv6           -     open  -     open  -     -     -     -     open  -
  beside the admin, IPv4  -     open  -     open  -     -     -     -     -     -
  beside the admin, IPv6  -     open  -     open  -     -     -     -     -     -
  beside the databases    -     open  -     open  -     -     -     -     -     -
  same network            -     open  -     open  -     -     -     -     -     -
  stranger, IPv4          -     open  -     open  -     -     -     -     -     -
  stranger, IPv6          -     open  -     open  -     -     -     -     -     -`

/** By role, what a new TCP connection to the node itself meets. */
export const expected = { docker, primary: database, replica: database } as const

/** One cell of a table. */
export interface Expectation {
  source: Source
  port: number
  answer: Answer
}

/** The cells of a table; `-` is silence. */
export function cells(table: string): Expectation[] {
  const [head = '', ...rows] = table.split('\n').filter((line) => line.trim() !== '')
  const ports = head.trim().split(/\s+/).map(Number)
  return rows.flatMap((row) => {
    const [source, ...answers] = row.trim().split(/\s{2,}/)
    if (source === undefined || !(source in sources) || answers.length !== ports.length) throw new Error(`no such row: ${row}`)
    return ports.map((port, index): Expectation => {
      return { source: source as Source, port, answer: answers[index] === 'open' ? 'open' : 'silent' }
    })
  })
}
