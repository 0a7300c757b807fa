/** One of several that work through the same list, such as a connection. */
export interface Worker<Task, Result> {
  /** @param free may be called when the next task can begin, though this one's result is not whole yet. */
  run(task: Task, free: () => void): Promise<Result>
  /** Releases what it holds; called once, also after a failure. */
  close(): Promise<void>
}
