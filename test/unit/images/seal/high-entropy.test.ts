import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { entropyBits, highEntropyWord } from '../../../../functions/images/seal/high-entropy.ts'

/** Keys as random as real ones, and the same at every run. */
const keys = Array.from({ length: 2000 }, (_, index) => createHash('sha256').update(`key ${index}`).digest())

test.each([
  ['hex', 32, 1],
  ['hex', 16, 1],
  ['base64', 32, 0.995],
  ['base64url', 32, 0.99],
  ['base64', 24, 0.95],
] as const)('of 2000 random keys in %s of %i bytes, a share of %d is found', (encoding, bytes, share) => {
  const found = keys.filter((key) => highEntropyWord(`SECRET=${key.subarray(0, bytes).toString(encoding)}\n`) !== undefined)
  expect(found.length / keys.length).toBeGreaterThanOrEqual(share)
})

test.each([
  ['a path', 'ExecStart=/usr/lib/postgresql/17/bin/postgres -c config_file=/etc/postgresql/17/main/postgresql.conf'],
  ['the name of a certificate', 'mozilla/Autoridad_de_Certificacion_Firmaprofesional_CIF_A62634068.crt'],
  ['a UUID', 'LABEL=f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
  ['a digest', 'base_sha256=5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9'],
  ['a commit', '{"commit": "5feceb66ffc86f38d952786c6d696c79c2dbc239"}'],
  ['a long word', 'net.ipv4.icmp_ignore_bogus_error_responses = 1; MaxAuthenticatedConnectionAttemptsPerHour2 = 3'],
  ['a public SSH key', `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${keys[0]?.toString('base64')} ana`],
  ['a certificate', `-----BEGIN CERTIFICATE-----\n${keys[0]?.toString('base64')}\n-----END CERTIFICATE-----`],
  ['a ruler', `# ${'-'.repeat(60)}`],
])('%s is no secret', (_what, text) => {
  expect(highEntropyWord(text)).toBeUndefined()
})

test('entropy is in bits for each character', () => {
  expect(entropyBits('aaaa')).toBe(-0)
  expect(entropyBits('abab')).toBe(1)
  expect(entropyBits('abcdefgh')).toBe(3)
})
