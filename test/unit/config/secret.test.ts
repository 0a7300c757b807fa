import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { describeSecretRef, env, file, isSecretRef, Secret, secret } from '../../../config/index.ts'

const VALUE = 'correct horse battery staple'
const held = new Secret(VALUE)

const formatters: readonly (readonly [string, () => string])[] = [
  ['String()', () => String(held)],
  ['toString', () => held.toString()],
  ['a template literal', () => `${held}`],
  ['concatenation', () => 'held: '.concat(held as unknown as string)],
  ['JSON.stringify', () => JSON.stringify({ held })],
  ['inspect', () => inspect(held)],
  ['inspect in depth', () => inspect({ a: [{ held }] }, { depth: 9, showHidden: true })],
  ['format %s', () => format('%s', held)],
  ['format %o', () => format('%o', held)],
  ['format %O', () => format('%O', held)],
  ['format %j', () => format('%j', held)],
  ['join', () => [held, held].join()],
  ['an error', () => String(new Error(`failed with ${held}`).stack)],
]

describe('a secret that was looked up', () => {
  it.each(formatters)('prints redacted by %s', (_name, print) => {
    expect(print()).toContain('[redacted]')
    expect(print()).not.toContain('horse')
  })

  it('hides its value also from plain inspection and cloning', () => {
    expect(inspect(held, { customInspect: false, showHidden: true, depth: 9 })).not.toContain('horse')
    expect(JSON.stringify(structuredClone({ ...held }))).not.toContain('horse')
    expect(Object.keys(held)).toEqual([])
  })

  it('gives its value when asked by name', () => {
    expect(held.reveal()).toBe(VALUE)
  })
})

describe('a reference', () => {
  it.each([
    [secret('shop/backup'), 'secret shop/backup', { secret: 'shop/backup' }],
    [secret('shop/backup', 'password'), 'secret shop/backup#password', { secret: 'shop/backup', key: 'password' }],
    [env('PGPASSWORD'), 'env PGPASSWORD', { env: 'PGPASSWORD' }],
    [file('/etc/pw'), 'file /etc/pw', { file: '/etc/pw' }],
  ])('%o is plain frozen data', (reference, text, plain) => {
    expect(reference).toEqual(plain)
    expect(Object.isFrozen(reference)).toBe(true)
    expect(describeSecretRef(reference)).toBe(text)
    expect(isSecretRef(JSON.parse(JSON.stringify(reference)))).toBe(true)
  })

  it.each([[null], ['secret'], [{}], [[]], [{ secret: 'a', env: 'b' }], [{ password: 'a' }]])('%o is none', (raw) => {
    expect(isSecretRef(raw)).toBe(false)
  })
})
