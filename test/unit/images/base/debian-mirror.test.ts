import { expect, test } from 'vitest'
import { machineMirror } from '../../../../functions/images/base/debian-mirror.ts'

test('a Debian bakes from the mirror that it uses itself', () => {
  const listed =
    'Tools|http://tools.example/apt\nDebian|http://near.example/debian/\nDebian-Security|http://near.example/sec/\n'
  expect(machineMirror(listed)).toEqual({ archive: 'http://near.example/debian', security: 'http://near.example/sec' })
})

test.each(['', 'Ubuntu|http://archive.example/ubuntu/\n'])("%j: another machine bakes from everybody's mirror", (listed) => {
  const { archive, security } = machineMirror(listed)
  expect(archive).toMatch(/\/debian$/)
  expect(security).toMatch(/\/debian-security$/)
})
