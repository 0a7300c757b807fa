/** A Markdown table; pipes in cells are escaped unless they already are. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbersFrom = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`
  const rule = head.map((_, index) => (index < numbersFrom ? '---' : '--:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** Parts with one empty line between them; empty parts are left out. */
export function paragraphs(...parts: readonly string[]): string {
  return `${parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`
}
