import { expect, test } from 'vitest'
import { fetchesToolchains, toolchainVersion } from '../../../tools/machine/go.ts'

test.each([
  ['go version go1.19.8 linux/amd64', false],
  ['go version go1.20 linux/amd64', false],
  ['go version go1.21.0 linux/arm64', true],
  ['go version go1.26.8 linux/amd64', true],
  ['go version go2.0 linux/amd64', true],
  ['something else', false],
])('%s fetches toolchains by itself: %s', (text, expected) => {
  expect(fetchesToolchains(text)).toBe(expected)
})

test('the toolchain is the one that go.mod names, for this platform', () => {
  expect(toolchainVersion('module m\n\ngo 1.25.0\n', 'linux', 'x64')).toBe('v0.0.1-go1.25.0.linux-amd64')
  expect(toolchainVersion('module m\ngo 1.25.0\n', 'linux', 'arm64')).toBe('v0.0.1-go1.25.0.linux-arm64')
  expect(() => toolchainVersion('module m\n', 'linux', 'x64')).toThrow('names no Go version')
})
