import { expect, test } from 'vitest'
import { parsePackerVersion } from '../../../../functions/images/bake/find-packer.ts'

test.each([
  ['Packer v1.6.6\n\nYour version of Packer is out of date!', { version: '1.6.6', generation: 'builtin' }],
  ['Packer v1.7.0\n', { version: '1.7.0', generation: 'plugins' }],
  ['Packer v1.16.0\n', { version: '1.16.0', generation: 'plugins' }],
  ['Packer v2.0.0\n', { version: '2.0.0', generation: 'plugins' }],
  ['Packer v1.5.6\n', undefined],
  ['cracklib-packer', undefined],
])('%j', (text, expected) => {
  expect(parsePackerVersion(text)).toEqual(expected)
})
