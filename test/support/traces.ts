import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const withinMs = 10_000
const pollMs = 25

/** The last answer of a question that is asked until it is the empty list; a run's end may take the system a moment to show. */
export async function untilNone<T>(question: () => Promise<T[]>): Promise<T[]> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await question()
    if (answer.length === 0 || performance.now() > deadline) return answer
    await sleep(pollMs)
  }
}

/** Waits for something to become true; says what when it does not. */
export async function until(what: string, check: () => Promise<boolean>, limitMs = 30_000): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await sleep(pollMs)
  }
}

/** Command lines of the processes that descend from this one, or from another. */
export async function descendants(of = process.pid): Promise<string[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = new Map<number, number>()
  for (const pid of all) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (parent !== undefined && state !== 'Z') parents.set(pid, Number(parent))
  }
  const below = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && (parent === of || below(parent))
  }
  const found = [...parents.keys()].filter(below)
  const lines = await Promise.all(found.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line !== '').map((line) => line.replaceAll('\0', ' ').trim())
}

/** Thread ids of this process's worker threads, by the name that Node gives them. */
export async function workerThreads(): Promise<string[]> {
  const ids = await readdir('/proc/self/task')
  const names = await Promise.all(ids.map((id) => readFile(`/proc/self/task/${id}/comm`, 'utf8').catch(() => '')))
  return ids.filter((_, index) => names[index]?.trim() === 'WorkerThread')
}
