import { childrenOf, type ProcessStat, processStat, residentBytes, threadStats } from './process-stat.ts'

/** Servers that a command starts for itself (the scratch server of a verification) are no part of its memory. */
const serverName = 'postgres'
const sampleMs = 20
/** Who belongs to the tree, and its threads' times, are read every so many samples. */
const surveyEvery = 5

/** What the samples of a process tree showed. */
export interface TreeUsage {
  peakRssBytes: number
  busiestThreadSeconds: number
  busiestBackendSeconds: number
}

/** Watches a command with all its children, and a PostgreSQL server's backends beside it, until `stop` is called. */
export class TreeSampler {
  readonly #root: number
  readonly #postmaster: number
  readonly #background: ReadonlySet<number>
  readonly #threadSeconds = new Map<string, number>()
  readonly #backendSeconds = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #members: number[]
  #samples = 0
  #peakRssBytes = 0

  /** @param background the server's processes that were there before the command. */
  constructor(root: number, postmaster: number, background: ReadonlySet<number>) {
    this.#root = root
    this.#postmaster = postmaster
    this.#background = background
    this.#members = [root]
    this.#timer = setInterval(() => this.#sample(), sampleMs)
  }

  stop(): TreeUsage {
    clearInterval(this.#timer)
    return {
      peakRssBytes: this.#peakRssBytes,
      busiestThreadSeconds: Math.max(0, ...this.#threadSeconds.values()),
      busiestBackendSeconds: Math.max(0, ...this.#backendSeconds.values()),
    }
  }

  #sample(): void {
    if (this.#samples % surveyEvery === 0) this.#survey()
    this.#samples += 1
    const resident = this.#members.reduce((sum, pid) => sum + residentBytes(pid), 0)
    this.#peakRssBytes = Math.max(this.#peakRssBytes, resident)
  }

  #survey(): void {
    this.#members = [...members(this.#root)]
    for (const pid of this.#members) {
      for (const [thread, stat] of threadStats(pid)) note(this.#threadSeconds, thread, stat)
    }
    for (const pid of childrenOf(this.#postmaster)) {
      const stat = this.#background.has(pid) ? undefined : processStat(pid)
      if (stat !== undefined) note(this.#backendSeconds, pid, stat)
    }
  }
}

function note(seconds: Map<string, number>, id: number, stat: ProcessStat): void {
  seconds.set(`${id} ${stat.startedTicks}`, stat.cpuSeconds)
}

function* members(pid: number): Generator<number> {
  if (processStat(pid)?.name === serverName) return
  yield pid
  for (const child of childrenOf(pid)) yield* members(child)
}
