import { defineConfig } from 'vitest/config'

const seconds = 1_000

/** The docker node with a real Traefik at its edge, apart from all others: it may have to be built, which takes minutes. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/traefik/**/*.test.ts'],
    testTimeout: 120 * seconds,
    hookTimeout: 1_500 * seconds,
  },
})
