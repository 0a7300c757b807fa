/** A name may hold anything; a terminal must not act on it. Colours (ESC `[` ... `m`) stay. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/\u001b(?!\[\d*m)|(?!\u001b)\p{Cc}/gu, '\ufffd')
}
