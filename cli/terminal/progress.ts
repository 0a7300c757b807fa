import type { ProgressState } from './progress-text.ts'
import { progressText, shareDone } from './progress-text.ts'

/** Shows how far the work has come, on stderr. */
export interface Progress {
  /** Names what is worked on, such as `shop/app`, and starts the clock. */
  begin(subject: string): void
  update(state: ProgressState): void
  /** Takes away whatever is drawn, so that other lines may be written. */
  stop(): void
}

const lineEveryMs = 5_000

const silent: Progress = { begin: () => undefined, update: () => undefined, stop: () => undefined }

/** A bar on a terminal, a plain line every few seconds elsewhere, nothing when quiet. */
export async function createProgress(stream: NodeJS.WriteStream, quiet: boolean): Promise<Progress> {
  if (quiet) return silent
  return stream.isTTY ? await bar(stream) : lines(stream)
}

async function bar(stream: NodeJS.WriteStream): Promise<Progress> {
  const { SingleBar } = await import('cli-progress')
  let subject = ''
  let startedMs = 0
  let running: InstanceType<typeof SingleBar> | undefined
  let latest: ProgressState | undefined
  const format = (options: { barsize?: number | undefined }): string => {
    if (latest === undefined) return subject
    const size = options.barsize ?? 24
    const share = shareDone(latest)
    const filled = Math.round((share ?? 0) * size)
    const drawn = share === undefined ? '' : `${'█'.repeat(filled)}${'░'.repeat(size - filled)} `
    return `${subject} ${drawn}${progressText(latest, (Date.now() - startedMs) / 1000)}`
  }
  const stop = (): void => {
    running?.stop()
    running = undefined
    latest = undefined
  }
  return {
    begin: (named) => {
      stop()
      subject = named
      startedMs = Date.now()
    },
    update: (state) => {
      latest = state
      if (running === undefined) {
        const options = { format, stream, barsize: 24, clearOnComplete: true, hideCursor: true, fps: 5 }
        running = new SingleBar({ ...options, gracefulExit: false })
        running.start(1, 0)
      }
      running.update(shareDone(state) ?? 0)
    },
    stop,
  }
}

function lines(stream: NodeJS.WriteStream): Progress {
  let subject = ''
  let startedMs = 0
  let lastMs = 0
  return {
    begin: (named) => {
      subject = named
      startedMs = Date.now()
      lastMs = startedMs
    },
    update: (state) => {
      const now = Date.now()
      if (now - lastMs < lineEveryMs) return
      lastMs = now
      stream.write(`${subject} ${progressText(state, (now - startedMs) / 1000)}\n`)
    },
    stop: () => undefined,
  }
}
