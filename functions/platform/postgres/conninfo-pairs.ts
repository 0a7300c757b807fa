import { conninfoFailure } from './conninfo-failure.ts'
import type { RawParameters } from './conninfo-url.ts'

const KEYWORD = /\s*([^\s=]*)\s*(=?)\s*/y
const QUOTED = /'((?:[^'\\]|\\.)*)'/sy
const BARE = /(?:[^\s\\]|\\.?)*/sy

/** Reads libpq's `keyword=value` form: single quotes around values with spaces, backslash before any character. */
export function parseConnectionPairs(text: string): RawParameters {
  const found: RawParameters = new Map()
  const end = text.trimEnd().length
  let position = 0
  let previous = 'its beginning'
  while (position < end) {
    const keyword = matchAt(KEYWORD, text, position)
    const name = keyword?.[1] ?? ''
    // The word itself is not shown: it may be the rest of a password with a space.
    if (!keyword?.[2]) throw conninfoFailure(`"=" is missing in the connection string, after ${previous}`)
    position += keyword[0].length
    const quoted = text[position] === "'"
    const value = matchAt(quoted ? QUOTED : BARE, text, position)
    if (!value) throw conninfoFailure(`the quoted value of "${name}" has no closing quote in the connection string`)
    position += value[0].length
    previous = `the value of "${name}"`
    found.set(name, (quoted ? (value[1] ?? '') : value[0]).replace(/\\(.?)/gs, '$1'))
  }
  return found
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position
  return pattern.exec(text)
}
