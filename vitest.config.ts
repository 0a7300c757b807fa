import { defineConfig } from 'vitest/config'

const seconds = 1_000

/** Tests that share one sandbox, started before the first of them and stopped after the last. */
const onSandbox = { globalSetup: ['test/support/sandbox-setup.ts'] }

export default defineConfig({
  test: {
    pool: 'forks',
    // Half of the time a test waits, for servers, leases and machines that boot: so there is one more than the two cores of a
    // small machine have to do at once.
    maxWorkers: 3,
    reporters: ['default'],
    // Limits tell that something hangs, never how fast a machine is that has much else to do.
    hookTimeout: 120 * seconds,
    expect: { poll: { timeout: 30 * seconds } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 120 * seconds } },
      {
        extends: true,
        test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'], testTimeout: 120 * seconds },
      },
      { extends: true, test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 120 * seconds } },
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
