import { formatBytes, formatDuration } from './format.ts'

/** The first seconds go into connecting and starting up. */
const settledSeconds = 3

/** How far some work has come. */
export interface ProgressState {
  /** As in "copying rows". */
  phase: string
  doneBytes: number
  /** A scale, not a promise: what is done may exceed it. */
  totalBytes?: number
}

/** Share done, from 0 to 1, when there is a scale and it still holds. */
export function shareDone({ doneBytes, totalBytes }: ProgressState): number | undefined {
  return totalBytes === undefined || totalBytes <= 0 || doneBytes > totalBytes ? undefined : doneBytes / totalBytes
}

/** Seconds left at the rate so far; undefined while that would be a guess. */
export function secondsLeft(state: ProgressState, seconds: number): number | undefined {
  const share = shareDone(state)
  if (share === undefined || share === 0 || seconds < settledSeconds) return undefined
  return Math.ceil((seconds * (1 - share)) / share)
}

/** `copying rows: 1.2 GB of about 2.3 GB, 210 MB/s, about 5 s left`, after this many seconds of work. */
export function progressText(state: ProgressState, seconds: number): string {
  const { phase, doneBytes, totalBytes } = state
  if (doneBytes === 0) return phase
  const scale = shareDone(state) === undefined || totalBytes === undefined ? '' : ` of about ${formatBytes(totalBytes)}`
  const rate = seconds < 1 ? '' : `, ${formatBytes(doneBytes / seconds)}/s`
  const left = secondsLeft(state, seconds)
  return `${phase}: ${formatBytes(doneBytes)}${scale}${rate}${left === undefined ? '' : `, about ${formatDuration(left)} left`}`
}
