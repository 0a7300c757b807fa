/** A moment as templates are given it: RFC 3339 in UTC, whole seconds. */
export function buildDate(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`
}

/** The end of an image's name, as its template makes it from the same moment: `20261126-220000`. */
export function imageStamp(date: string): string {
  return date.replace(/[-:Z]/g, '').replace('T', '-')
}
