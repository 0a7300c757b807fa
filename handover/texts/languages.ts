import type { Language } from '../../functions/runtime/page/language.ts'
import type { KeyTexts } from './key-texts.ts'
import { keysInEnglish } from './keys-en.ts'
import { keysInPortuguese } from './keys-pt-br.ts'
import type { Texts } from './texts.ts'
import { english } from './texts-en.ts'
import { portuguese } from './texts-pt-br.ts'

const texts: Readonly<Record<Language, Texts>> = { 'pt-BR': portuguese, en: english }
const keyTexts: Readonly<Record<Language, KeyTexts>> = { 'pt-BR': keysInPortuguese, en: keysInEnglish }

/** The texts of a language. */
export function textsOf(language: Language): Texts {
  return texts[language]
}

/** The texts of what records name by keys. */
export function keyTextsOf(language: Language): KeyTexts {
  return keyTexts[language]
}
