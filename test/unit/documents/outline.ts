/** What a translation of a document has to share with it. */
export interface Outline {
  /** Number of `#` of each heading. */
  headings: number[]
  /** Blocks of code, whole. */
  blocks: string[]
  /** Code inside of text, sorted: a sentence has another order in another language. */
  code: string[]
  /** Rows of tables, items of lists, and items to be ticked off, in their order. */
  lines: string[]
  /** Files, and addresses, that it links; sorted. A fragment may be translated, and so may a document be. */
  links: string[]
}

/** Reads the outline of a document in Markdown. */
export function outlineOf(markdown: string): Outline {
  const fence = /^ *```[\s\S]*?^ *```$/gm
  const text = markdown.replace(fence, '')
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found)
  return {
    headings: all(/^(#+) /gm).map(({ length }) => length),
    blocks: markdown.match(fence) ?? [],
    code: all(/`([^`\n]+)`/g).sort(),
    lines: all(/^(\||- \[ \]|-|\d+\.) ?.*$/gm),
    links: all(/\]\(([^)#\s]*)(?:#[^)\s]*)?\)/g)
      .map((target) => target.replace('.pt-BR.md', '.md'))
      .sort(),
  }
}
