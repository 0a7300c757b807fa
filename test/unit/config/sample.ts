/** A small definition without problems, and ways to spoil it. */
export const sample = {
  name: 'shop',
  nodes: [
    { name: 'app-1', role: 'docker', address: '10.0.0.10' },
    { name: 'db-1', role: 'primary', address: '10.0.0.11' },
    { name: 'db-2', role: 'replica', address: '10.0.0.12' },
  ],
  databases: [{ name: 'shop', owner: 'shop_owner' }],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32', '10.0.0.12/32'] },
  backup: {
    stores: [
      { type: 's3', name: 'main', bucket: 'shop-backups' },
      { type: 'file', name: 'nas', directory: '/mnt/nas' },
    ],
    retention: { keep: { daily: 7 } },
  },
} as const

/** Paths such as `nodes[1].address` with the value to put there; undefined takes the key away. */
export type Changes = Readonly<Record<string, unknown>>

/** A copy of a definition with some values changed. */
export function changed(definition: unknown, changes: Changes): Record<string, unknown> {
  const copy = structuredClone(definition) as Record<string, unknown>
  for (const [path, value] of Object.entries(changes)) {
    const keys = [...path.matchAll(/[^.[\]']+/g)].map(([key]) => key)
    const last = keys.pop() ?? ''
    let place: Record<string, unknown> = copy
    for (const key of keys) {
      place[key] ??= {}
      place = place[key] as Record<string, unknown>
    }
    if (value === undefined) delete place[last]
    else place[last] = value
  }
  return copy
}
