import type { Language } from '../../runtime/page/language.ts'
import type { Texts } from './texts.ts'
import { english } from './texts-en.ts'
import { portuguese } from './texts-pt-br.ts'

const texts: Readonly<Record<Language, Texts>> = { 'pt-BR': portuguese, en: english }

/** The texts of a language. */
export function textsOf(language: Language): Texts {
  return texts[language]
}
