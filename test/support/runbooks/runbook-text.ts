/** Commands of a runbook that belong together. */
export interface CommandBlock {
  /** The heading above it. */
  heading: string
  /** Of its first command, in the document. */
  line: number
  /** Where it runs: `your machine`, or the name of the variable that holds a node's address. */
  place: string
  commands: string
}

/** What can be followed in a runbook. */
export interface RunbookText {
  /** What its first block sets, for every shell that the reader opens. */
  variables: Readonly<Record<string, string>>
  blocks: readonly CommandBlock[]
}

interface Fence {
  heading: string
  line: number
  language: string
  lines: string[]
}

/**
 * Reads a runbook. Blocks of `sh` are commands; their first line is a comment that says where they run: `# Everywhere` (only
 * variables), `# On your machine`, or `# On $NODE, as root`. Blocks of `text` show what a command says.
 *
 * @throws Error for a block that says nothing of the kind, so that nothing to be followed is passed over.
 */
export function readRunbook(markdown: string): RunbookText {
  const commands = fencesOf(markdown).filter(({ language }) => language !== 'text')
  const [first, ...others] = commands
  if (first === undefined) throw new Error('there is no command in it')
  return { variables: variablesOf(first), blocks: others.map(blockOf) }
}

function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = []
  let heading = ''
  let open: Fence | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, indent = '', language = ''] = /^( *)```(\w*)$/.exec(line) ?? []
    const isFence = /^ *```/.test(line)
    if (open !== undefined && isFence) {
      fences.push(open)
      open = undefined
    } else if (open !== undefined) open.lines.push(line)
    else if (isFence && indent !== '') throw new Error(`line ${index + 1}: a block must not be indented`)
    else if (isFence) open = { heading, line: index + 2, language, lines: [] }
    else heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading
  }
  if (open !== undefined) throw new Error(`line ${open.line}: this block has no end`)
  return fences
}

function variablesOf({ line, language, lines: [where, ...lines] }: Fence): Record<string, string> {
  if (language !== 'sh' || where !== '# Everywhere') throw new Error(`line ${line}: the first block begins with "# Everywhere"`)
  return Object.fromEntries(
    lines.map((text, index) => {
      const [, name = '', quoted, bare = ''] = /^([A-Z][A-Z_]*)=(?:'([^']*)'|(\S+))(?: +# .+)?$/.exec(text) ?? []
      if (name === '') throw new Error(`line ${line + index + 1}: "${text}" sets no variable`)
      return [name, quoted ?? bare]
    }),
  )
}

function blockOf({ heading, line, language, lines: [where = '', ...lines] }: Fence): CommandBlock {
  const [, place] = /^# On (?:(?=your machine$)|\$(?=[A-Z_]+, as root$))(your machine|[A-Z_]+)/.exec(where) ?? []
  if (language !== 'sh' || place === undefined) {
    throw new Error(`line ${line}: commands begin with "# On your machine" or "# On $NODE, as root", what they say is "text"`)
  }
  return { heading, line: line + 1, place, commands: lines.join('\n') }
}
