/** What a line of the password file is matched against. */
export interface PasswordQuestion {
  /** As libpq matches it: `localhost` for the default socket directory, any other socket directory as its path. */
  host: string
  port: number
  database: string
  user: string
}

/** The first matching password in the text of a `.pgpass`: `host:port:database:user:password`, `*` for any, `\` escapes. */
export function findPassword(text: string, question: PasswordQuestion): string | undefined {
  const wanted = [question.host, String(question.port), question.database, question.user]
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line === '' || line.startsWith('#')) continue
    const password = passwordOfLine(line, wanted)
    if (password !== undefined) return password
  }
  return undefined
}

function passwordOfLine(line: string, wanted: readonly string[]): string | undefined {
  let rest = line
  for (const value of wanted) {
    const field = /^((?:[^\\:]|\\.)*):/s.exec(rest)
    if (field?.[1] === undefined) return undefined
    if (field[1] !== '*' && unescaped(field[1]) !== value) return undefined
    rest = rest.slice(field[0].length)
  }
  return unescaped(rest)
}

function unescaped(field: string): string {
  return field.replace(/\\(.)/gs, '$1')
}
