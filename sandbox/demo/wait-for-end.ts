/** Resolves when the signal fires; the process stays alive until then. */
export async function waitForEnd(signal: AbortSignal): Promise<void> {
  const awake = setInterval(() => undefined, 60_000)
  try {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    })
  } finally {
    clearInterval(awake)
  }
}
