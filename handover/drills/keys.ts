/** What drills measure. The report has a text for each, and for no other. */
export const drillMeasurements = [
  'clientErrors',
  'clients',
  'clientsWaiting',
  'failedTransactions',
  'firstWrite',
  'lagBytes',
  'lagTime',
  'lateTransactions',
  'latencyAverage',
  'longestWait',
  'pollsToAlert',
  'pollsToRecovery',
  'poolSize',
  'rejoinTime',
  'requestsLost',
  'rowsAcknowledged',
  'rowsDifferent',
  'rowsLostAsynchronous',
  'rowsLostSynchronous',
  'transactions',
  'transactionsPerSecond',
  'waitAfterwards',
  'writePause',
] as const

/** The moments of drills. */
export const drillEvents = [
  'alertRaised',
  'alertRecovered',
  'clientsWaiting',
  'firstWrite',
  'loadEnded',
  'loadStarted',
  'oldPrimaryStreams',
  'poolRecovered',
  'primaryStopped',
  'promotionOrdered',
  'rejoinOrdered',
  'replicaCutOff',
  'replicaReconnected',
  'restoreBegun',
  'restoreEnded',
] as const

/** The evidence of drills in rows. */
export const drillTables = ['lagSamples', 'lostRows', 'poolSamples', 'replicationPolls', 'rowCounts'] as const

/** The columns of those tables. */
export const drillColumns = [
  'bytes',
  'clientsActive',
  'clientsWaiting',
  'finding',
  'lagMilliseconds',
  'longestWait',
  'node',
  'poll',
  'rowNumber',
  'rows',
  'seconds',
  'subject',
  'writer',
] as const

export type DrillMeasurement = (typeof drillMeasurements)[number]
export type DrillEvent = (typeof drillEvents)[number]
export type DrillTable = (typeof drillTables)[number]
export type DrillColumn = (typeof drillColumns)[number]
