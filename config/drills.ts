/** The failures that are caused on purpose before a handover, and what is measured beside them; in the order of a rehearsal. */
export const drills = [
  'stress',
  'lag-under-load',
  'pool-exhaustion',
  'tls-and-passwords',
  'port-exposure',
  'restore',
  'store-unreachable',
  'point-in-time',
  'replica-cut-off',
  'disk-filling',
  'secret-rotation',
  'failover',
  'rejoin',
] as const

export type Drill = (typeof drills)[number]
