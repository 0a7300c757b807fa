import { expect, test } from 'vitest'
import { usableVersion } from '../../../tools/k6/find.ts'

test.each([
  ['k6 v1.8.1 (go1.26.8, linux/amd64)', '1.8.1'],
  ['k6 v1.0.0 (commit/41b4984b75, go1.24.2, linux/amd64)', '1.0.0'],
  ['k6 v2.3.0 (commit/0123456789, go1.26.8, linux/arm64)\nExtensions:\n  github.com/x v1.0.0', '2.3.0'],
  ['k6 v0.57.0 (go1.24, linux/amd64)', undefined],
  ['k6 v3.0.0 (go1.30, linux/amd64)', undefined],
  ['not that k6', undefined],
  ['', undefined],
])('%s is version %s', (said, version) => {
  expect(usableVersion(said)).toBe(version)
})
