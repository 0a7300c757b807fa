import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks per second in /proc: the same on every Linux that Node runs on. */
const ticksPerSecond = 100

/** What /proc says of one process or thread. */
export interface ProcessStat {
  name: string
  /** Tells a process from a later one with the same number. */
  startedTicks: number
  /** User and system time. */
  cpuSeconds: number
  /** The same of its children that have ended and been waited for, and of theirs. */
  endedChildrenCpuSeconds: number
}

/** Parses a /proc stat line; the name may hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  return {
    name: text.slice(open + 1, close),
    startedTicks: field(22),
    cpuSeconds: (field(14) + field(15)) / ticksPerSecond,
    endedChildrenCpuSeconds: (field(16) + field(17)) / ticksPerSecond,
  }
}

/** Bytes of a line such as `VmRSS:   1234 kB` in /proc/PID/status; 0 where there is none (a process that has ended). */
export function parseStatusBytes(text: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1]
  return Number(kilobytes ?? 0) * 1024
}

/** The stat of a process; undefined when it has gone. */
export function processStat(pid: number | 'self'): ProcessStat | undefined {
  const text = readProc(`${pid}/stat`)
  return text === '' ? undefined : parseStat(text)
}

/** The stats of a process's threads, by thread number. */
export function threadStats(pid: number): Map<number, ProcessStat> {
  const found = new Map<number, ProcessStat>()
  for (const thread of threadsOf(pid)) {
    const text = readProc(`${pid}/task/${thread}/stat`)
    if (text !== '') found.set(thread, parseStat(text))
  }
  return found
}

/** Resident memory now, in bytes. */
export function residentBytes(pid: number): number {
  return parseStatusBytes(readProc(`${pid}/status`), 'VmRSS')
}

/** The living children of a process. */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    readProc(`${pid}/task/${thread}/children`)
      .split(' ')
      .filter((text) => text !== '')
      .map(Number),
  )
}

/** User and system time of a server with all its children, those that have ended included. */
export function treeCpuSeconds(pid: number): number {
  const stat = processStat(pid)
  if (stat === undefined) return 0
  const living = childrenOf(pid).reduce((sum, child) => sum + treeCpuSeconds(child), 0)
  return stat.cpuSeconds + stat.endedChildrenCpuSeconds + living
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return []
  }
}

/** A process may end between any two reads: what is gone reads as nothing. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}
