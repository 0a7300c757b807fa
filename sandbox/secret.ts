import { randomInt } from 'node:crypto'

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** A random password of letters and digits, which needs no quoting anywhere. */
export function randomSecret(length = 24): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}
