import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Much longer than a moment, for a machine that has much else to do. */
const withinMs = 30_000
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
export async function until(what: string, check: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await sleep(pollMs)
  }
}

/**
 * Command lines of the processes that belong to a directory by their arguments or their environment. A run's children name
 * its temporary directory there, also when they have outlived it.
 */
export async function processesNaming(directory: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  const found = await Promise.all(
    pids.map(async (pid) => ({ command: await read(pid, 'cmdline'), environment: await read(pid, 'environ') })),
  )
  return found
    .filter(({ command, environment }) => `${command}\0${environment}`.includes(directory))
    .map(({ command }) => command.replaceAll('\0', ' ').trim())
}
