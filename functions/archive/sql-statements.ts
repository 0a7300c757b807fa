/** The statements of a plain SQL script, without comments and psql's own lines. Knows quotes, not dollar quoting. */
export function sqlStatements(script: string): string[] {
  const text = script.replaceAll(/^\\(un)?restrict .*$/gm, '')
  const statements: string[] = []
  let current = ''
  // One piece at a time: a comment, a quoted string, a quoted name, the end of a statement, or anything else.
  for (const [piece] of text.matchAll(/--[^\n]*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|;|[\s\S]/g)) {
    if (piece.startsWith('--')) continue
    if (piece === ';') {
      statements.push(current.trim())
      current = ''
    } else {
      current += piece
    }
  }
  return statements.filter((statement) => statement !== '')
}

/** An identifier as SQL writes it, without its quotes. */
export function unquoted(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier
}
