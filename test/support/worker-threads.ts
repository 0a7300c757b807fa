import { readdir, readFile } from 'node:fs/promises'

/** The ids of this process's further JavaScript threads, as Linux lists them by the name that Node gives them. */
export async function workerThreads(): Promise<string[]> {
  const ids = await readdir('/proc/self/task')
  // A thread may end while it is looked at.
  const names = await Promise.all(ids.map((id) => readFile(`/proc/self/task/${id}/comm`, 'utf8').catch(() => '')))
  return ids.filter((_, index) => names[index]?.trim() === 'WorkerThread')
}
