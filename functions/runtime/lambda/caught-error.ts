import { z } from 'zod'

/** What a state machine caught, as it hands it on. */
export const caughtError = z.object({ Error: z.string(), Cause: z.string().optional() })

export type CaughtError = z.infer<typeof caughtError>

/** The words of the step that failed, where it came to say any: what Lambda caught is JSON with them. */
export function wordsOf({ Cause: cause = '' }: CaughtError): string | undefined {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown }
    return typeof errorMessage === 'string' ? errorMessage.slice(0, 1000) : undefined
  } catch {
    return undefined
  }
}
