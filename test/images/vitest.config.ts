import { defineConfig } from 'vitest/config'

const minutes = 60_000

/** The tests of the images, apart from all others: they boot for minutes. run.ts says what may run beside what. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/images/**/*.test.ts'],
    testTimeout: 5 * minutes,
    hookTimeout: 60 * minutes,
  },
})
