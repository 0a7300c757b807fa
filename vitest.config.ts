import { defineConfig } from 'vitest/config'

const seconds = 1_000

/** Tests that share one sandbox, started before the first of them and stopped after the last. */
const onSandbox = { globalSetup: ['test/support/sandbox-setup.ts'], hookTimeout: 120 * seconds }

export default defineConfig({
  test: {
    pool: 'forks',
    // A sandbox of servers works beside the tests: more workers than cores would only make them wait for each other.
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30 * seconds } },
      {
        extends: true,
        test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'], testTimeout: 120 * seconds },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 120 * seconds,
          hookTimeout: 120 * seconds,
        },
      },
      {
        extends: true,
        test: { name: 'integration', include: ['test/integration/**/*.test.ts'], testTimeout: 180 * seconds, ...onSandbox },
      },
      {
        extends: true,
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'], testTimeout: 300 * seconds, ...onSandbox },
      },
    ],
  },
})
