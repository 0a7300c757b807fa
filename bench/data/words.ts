const beginnings = 'con pro re de in ex per sub inter trans ad ob dis com pre super'.split(' ')
const endings = 'tract ject port form vert struct duct mit pose scribe spect sist tend cede fer press'.split(' ')

/** 256 words: one for each value of a byte. */
const words = beginnings.flatMap((beginning) => endings.map((ending) => `${beginning}${ending}`))

/** SQL for the word that a byte of a hash chooses. */
export function word(hash: string, byte: string | number): string {
  return pick(words, hash, byte)
}

/** SQL for one of the texts, chosen by a byte of a hash. */
export function pick(texts: readonly string[], hash: string, byte: string | number): string {
  const list = texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(',')
  return `(ARRAY[${list}])[1 + get_byte(${hash}, ${byte}) % ${texts.length}]`
}
