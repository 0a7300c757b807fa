/** What load tests measure. The report has a text for each, and for no other. */
export const loadMeasurements = [
  'answeredRate',
  'breakpointRate',
  'clientsWaiting',
  'cpu',
  'databaseConnections',
  'directRate',
  'dropped',
  'generatorCpu',
  'lagBytes',
  'lagTime',
  'longestWait',
  'lost',
  'neighbourAnswers',
  'p95',
  'p99',
  'pgbenchFailed',
  'pgbenchLate',
  'pgbenchLost',
  'poolerRate',
  'serverConnections',
  'success',
  'websockets',
] as const

/** The moments of load tests. */
export const loadEvents = [
  'breakpointReached',
  'interrupted',
  'pgbenchEnded',
  'pgbenchStarted',
  'preparedNotPossible',
  'requestsEnded',
  'requestsStarted',
  'serviceStarted',
  'serviceStopped',
] as const

/** The evidence of load tests in rows; it is in scenarios, runs of pgbench and points instead. */
export const loadTables = [] as const

/** The columns of those tables. */
export const loadColumns = [] as const

/** What load tests ask; `spike` and `recovery`, and `isolation` and `neighbour`, are two parts of one question. */
export const loadScenarios = [
  'breakpoint',
  'expectedLoad',
  'failover',
  'isolation',
  'neighbour',
  'peak',
  'poolHolds',
  'recovery',
  'spike',
  'websockets',
] as const

export type LoadMeasurement = (typeof loadMeasurements)[number]
export type LoadEvent = (typeof loadEvents)[number]
export type LoadTable = (typeof loadTables)[number]
export type LoadColumn = (typeof loadColumns)[number]
export type LoadScenario = (typeof loadScenarios)[number]
