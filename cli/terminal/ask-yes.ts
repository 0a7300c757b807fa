import { createInterface } from 'node:readline'

/**
 * Whether somebody at the terminal types `yes`; nothing else is one, nor is the end of the input, nor the signal. As a terminal of
 * its own it would keep Ctrl-C to itself.
 */
export async function askYes(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false, signal })
  process.stderr.write(question)
  try {
    for await (const line of terminal) return line.trim() === 'yes'
    return false
  } finally {
    terminal.close()
    process.stdin.pause()
  }
}
