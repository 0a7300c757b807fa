/** Ends the process without waiting for what is still open. */
export function exitNow(code: number): never {
  // biome-ignore lint/nursery/noProcessExit: the one place that may; everything else sets process.exitCode and comes to its end
  process.exit(code)
}
