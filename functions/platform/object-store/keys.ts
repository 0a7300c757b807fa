import { Failure } from '../failure.ts'

const maximumKeyBytes = 1024
// XML 1.0 listings cannot carry control characters, and they are unreadable in a terminal.
const controlCharacter = /\p{Cc}/u

/**
 * Refuses a key that some store would keep under another name, or not at all: empty, `.` or `..` segments, control
 * characters, unpaired surrogates, more than 1,024 bytes of UTF-8.
 */
export function checkKey(key: string): void {
  const fault = keyFault(key)
  if (fault === undefined) return
  throw new Failure(`The object key ${fault}`, {
    kind: 'config',
    subject: JSON.stringify(key.slice(0, 100)),
    code: 'BadKey',
    hint: 'Use a name without empty, "." or ".." segments and control characters, of at most 1,024 bytes.',
  })
}

function keyFault(key: string): string | undefined {
  if (key === '') return 'is empty'
  if (!key.isWellFormed()) return 'is not well-formed Unicode'
  if (controlCharacter.test(key)) return 'holds a control character'
  if (Buffer.byteLength(key) > maximumKeyBytes) return `is longer than ${maximumKeyBytes} bytes`
  for (const segment of key.split('/')) {
    if (segment === '') return 'has an empty segment'
    if (segment === '.' || segment === '..') return `has the segment "${segment}"`
  }
  return undefined
}

/** Order of two keys by their UTF-8 bytes, as S3 lists them (UTF-16 order differs above U+FFFF). */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
