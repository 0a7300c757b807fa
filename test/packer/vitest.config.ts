import { defineConfig } from 'vitest/config'

const seconds = 1_000

/** The committed templates before a Packer of today, apart from all others: it may have to be built, which takes minutes. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/packer/**/*.test.ts'],
    testTimeout: 60 * seconds,
    hookTimeout: 1_200 * seconds,
  },
})
