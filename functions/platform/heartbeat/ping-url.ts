/** What a ping says: the run begins, ended well, or failed. */
export type Ping = 'start' | 'success' | 'fail'

/** The URL of one ping (healthchecks.io protocol): success is the check's own URL, the others are below it. */
export function pingUrl(base: string, ping: Ping, runId: string): string {
  const url = new URL(base)
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = ping === 'success' ? path : `${path}/${ping}`
  url.searchParams.set('rid', runId)
  return url.href
}

/** The most that a ping's body may have; the protocol's servers keep as much. */
export const longestBodyBytes = 10_000

/** The start of a text that fits, never ending within a letter. */
export function fittingBody(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.byteLength <= longestBodyBytes) return text
  // What was cut within a letter decodes to replacement characters, which `stream` keeps back instead.
  return new TextDecoder().decode(bytes.subarray(0, longestBodyBytes), { stream: true })
}
