import { expect, test } from 'vitest'
import { sourceText } from '../../../tools/machine/backports.ts'

test('backports come from the mirror that the release comes from', () => {
  const listed = 'bookworm|http://near.example/debian/\nbookworm-security|http://near.example/debian-security/\n'
  expect(sourceText('bookworm-backports', listed)).toContain('URIs: http://near.example/debian/\nSuites: bookworm-backports\n')
})

test("without a mirror that is known, from everybody's", () => {
  expect(sourceText('bookworm-backports', '')).toMatch(/^URIs: http:\/\/\S+\/debian$/m)
})
