/** One line of a unit: `Key=value`. */
export type Setting = readonly [key: string, value: string | number]

/** One section of a unit. */
export interface Section {
  name: 'Unit' | 'Service' | 'Timer' | 'Install'
  settings: readonly Setting[]
}

/** A unit file: the comment first, then the sections. */
export function unitText(comment: string, sections: readonly Section[]): string {
  const parts = sections.map(
    ({ name, settings }) => `[${name}]\n${settings.map((setting) => `${setting.join('=')}\n`).join('')}`,
  )
  return `${comment}${parts.join('\n')}`
}

/** Text that systemd takes as it is: `%` begins a specifier otherwise. */
export function literally(text: string): string {
  return text.replaceAll('%', '%%')
}

/** A path in a list of paths. */
export function quotedPath(path: string): string {
  return /[\s"'\\]/.test(path) ? quoted(path) : literally(path)
}

/** Text as one word, whatever is in it. */
export function quoted(text: string): string {
  return `"${literally(text).replace(/["\\]/g, '\\$&')}"`
}
