import { defineConfig } from 'vitest/config'

const seconds = 1_000

/** The tests of the container image, apart from all others: they need a Docker engine and an image. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/container/**/*.test.ts'],
    globalSetup: ['test/support/sandbox-setup.ts'],
    testTimeout: 300 * seconds,
    hookTimeout: 300 * seconds,
  },
})
