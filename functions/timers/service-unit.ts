import type { Cluster } from '../../config/cluster.ts'
import { shortestGapSeconds } from '../../config/when.ts'
import { credentialLines } from './credential-lines.ts'
import { hardening } from './hardening.ts'
import { alertUnitNeeds, entryNeeds, type Needs } from './operation-needs.ts'
import type { InstallPlace } from './place.ts'
import type { RunnableEntry, RunnableOperation } from './runnable.ts'
import { alertUnit, entryTitle, markerComment, unitName } from './unit-names.ts'
import { literally, quoted, quotedPath, type Setting, unitText } from './unit-text.ts'

/** Beyond the operation's own limit, so that it ends by itself and says why. */
const marginSeconds = 300
/** From SIGTERM to SIGKILL: time to end children, abort uploads and remove scratch files. */
const stopSeconds = 120
/** One look may take as long as it is to the next one, within these bounds. */
const lookSeconds = { least: 120, most: 600 }
const alertSeconds = 120
/** All drills on a sandbox take minutes. */
const rehearsalSeconds = 3600

/** Operations that are to leave room for others: they move a database's rows or objects, or load a sandbox. */
const heavy: readonly RunnableOperation[] = ['backup', 'verify', 'retention', 'copies', 'rehearse']

/** The service of one line of the timetable. */
export function serviceUnit(cluster: Cluster, entry: RunnableEntry, place: InstallPlace): string {
  const isHeavy = heavy.includes(entry.operation)
  const args = commandOf(entry)
  const needs = entryNeeds(cluster, entry)
  return unitText(markerComment(cluster.name, place.definition), [
    {
      name: 'Unit',
      settings: [
        ['Description', `Ballast ${cluster.name}: ${entryTitle(entry)}`],
        ...dependencies(needs),
        ['OnFailure', `${alertUnit(cluster.name)}%n.service`],
      ],
    },
    {
      name: 'Service',
      settings: [
        ...command(cluster, place, args, unitName(cluster.name, entry)),
        ['TimeoutStartSec', limitSeconds(cluster, entry)],
        ...(isHeavy ? gentle : []),
        ...limits(cluster, needs),
        ...needs.directories.map((directory): Setting => ['ReadWritePaths', quotedPath(directory)]),
      ],
    },
  ])
}

/** The service, a template, that tells people that the unit named as its instance has failed. */
export function alertServiceUnit(cluster: Cluster, place: InstallPlace): string {
  const needs = alertUnitNeeds(cluster)
  return unitText(markerComment(cluster.name, place.definition), [
    {
      name: 'Unit',
      settings: [['Description', `Ballast ${cluster.name}: alert that %i failed`], ...network],
    },
    {
      name: 'Service',
      settings: [
        ...command(cluster, place, ['alert', 'unit', '--name', '%i'], `ballast-${cluster.name}-alert`),
        ['TimeoutStartSec', alertSeconds],
        ...limits(cluster, needs),
        // It must run also where a directory is not there: that may be what it has to tell.
        ...needs.directories.map((directory): Setting => ['ReadWritePaths', quotedPath(`-${directory}`)]),
      ],
    },
  ])
}

/** Drills have a command of their own: they work with a sandbox, and not with the cluster. */
function commandOf({ operation, slot }: RunnableEntry): string[] {
  if (operation === 'rehearse') return ['rehearse', '--sandbox', '--file']
  return ['run', operation, ...(slot === undefined ? [] : ['--slot', slot])]
}

function limitSeconds({ backup }: Cluster, { operation, when }: RunnableEntry): number {
  if (operation === 'rehearse') return rehearsalSeconds
  if (heavy.includes(operation)) return backup.limits.durationSeconds + marginSeconds
  return Math.min(lookSeconds.most, Math.max(lookSeconds.least, shortestGapSeconds(when)))
}

const gentle: readonly Setting[] = [
  ['Nice', 10],
  ['IOSchedulingClass', 'best-effort'],
  ['IOSchedulingPriority', 7],
]

const network: readonly Setting[] = [
  ['Wants', 'network-online.target'],
  ['After', 'network-online.target'],
]

function dependencies({ directories }: Needs): Setting[] {
  return [
    ...network,
    ...(directories.length === 0 ? [] : ([['RequiresMountsFor', directories.map(quotedPath).join(' ')]] as const)),
  ]
}

function command({ runtime }: Cluster, place: InstallPlace, args: readonly string[], identifier: string): Setting[] {
  const { user, stateDirectory } = runtime.timers
  return [
    ['Type', 'oneshot'],
    ['ExecStart', [place.program, ...args, '--config', place.definition].join(' ')],
    ['User', user],
    ['WorkingDirectory', literally(stateDirectory)],
    ['Environment', quoted(`HOME=${stateDirectory}`)],
    ['Environment', quoted(`BALLAST_SCRATCH_DIR=${stateDirectory}`)],
    ['StandardOutput', 'journal'],
    ['StandardError', 'journal'],
    ['SyslogIdentifier', identifier],
    ['TimeoutStopSec', stopSeconds],
  ]
}

function limits({ runtime }: Cluster, needs: Needs): Setting[] {
  const { stateDirectory, cpuPercent, maxMemoryBytes } = runtime.timers
  return [
    ['CPUQuota', `${cpuPercent}%`],
    ['MemoryMax', maxMemoryBytes],
    ...credentialLines(needs),
    ...stateLines(stateDirectory),
    ...hardening,
  ]
}

/** systemd makes and owns a state directory where it keeps all of them; elsewhere tmpfiles.d makes it. */
function stateLines(stateDirectory: string): Setting[] {
  const below = /^\/var\/lib\/([^/\s"'\\%:]+(?:\/[^/\s"'\\%:]+)*)$/.exec(stateDirectory)?.[1]
  if (below === undefined) return [['ReadWritePaths', quotedPath(stateDirectory)]]
  return [
    ['StateDirectory', below],
    ['StateDirectoryMode', '0750'],
  ]
}
