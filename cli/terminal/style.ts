import { styleText } from 'node:util'

type Stream = NodeJS.WriteStream

/** Colours for one stream: none where it is no terminal or NO_COLOR is set. */
export interface Style {
  good(text: string): string
  warn(text: string): string
  bad(text: string): string
  dim(text: string): string
  bold(text: string): string
}

/** The style that suits a stream. */
export function styleFor(stream: Stream): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text, { stream })
  return { good: paint('green'), warn: paint('yellow'), bad: paint('red'), dim: paint('dim'), bold: paint('bold') }
}

/** Text as it is. */
export const plainStyle: Style = {
  good: (text) => text,
  warn: (text) => text,
  bad: (text) => text,
  dim: (text) => text,
  bold: (text) => text,
}
