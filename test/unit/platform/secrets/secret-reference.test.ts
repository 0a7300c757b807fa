import fc from 'fast-check'
import { expect, test } from 'vitest'
import { credentialName } from '../../../../functions/platform/secrets/secret-reference.ts'

test.each([
  [{ env: 'BACKUP_PASSWORD' }, 'BACKUP_PASSWORD'],
  [{ file: '/etc/ballast/replication-password' }, 'file.etc.ballast.replication-password'],
  [{ file: '/etc/pass word.txt' }, 'file.etc.pass_20word_2etxt'],
  [{ file: '/é_' }, 'file._c3_a9_5f'],
  [{ secret: 'shop/backup' }, undefined],
])('%o is handed over as %s', (ref, name) => {
  expect(credentialName(ref)).toBe(name)
})

test('no two files, and no file and variable, have one name, and every name is one that systemd takes', () => {
  const path = fc.string({ unit: fc.constantFrom(...'ab_.-/ %:é2f5'), minLength: 1, maxLength: 6 }).map((text) => `/${text}`)
  fc.assert(
    fc.property(path, path, (a, b) => {
      const [first, second] = [credentialName({ file: a }), credentialName({ file: b })]
      expect(first === second).toBe(a === b)
      expect(first).toMatch(/^file\.[A-Za-z0-9._-]*$/)
    }),
  )
})
