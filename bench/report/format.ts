import type { Operation, ScalingWay } from '../results.ts'
import { ballast } from '../stock/ballast.ts'
import { pgbackrest } from '../stock/pgbackrest.ts'

/** Seconds as a person compares them: three digits. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
}

/** Bytes in units of 1,000, as the limits are stated. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`
  return `${bytes < 1e7 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`
}

/** `2.53 times`. */
export function formatTimes(ratio: number): string {
  return `${ratio.toFixed(2)} times`
}

/** `25.3 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`
}

/** How workers are run, for people. */
export const wayNames: Readonly<Record<ScalingWay, string>> = {
  threads: '`ballast backup --workers N`',
  functions: 'functions',
}

/** A tool with all that it was run with. */
export function toolLabel(tool: string, operation: Operation, uploader: string): string {
  if (tool === ballast) return ballast
  if (tool === pgbackrest) return `${pgbackrest}, zst 1, process-max 2`
  if (operation === 'restore') return `${uploader}, pg_restore -j2 of ${tool.replace('pg_dump ', '')}`
  return tool.includes('-Fd') ? `${tool}, then ${uploader}` : `${tool} | ${uploader}`
}
