import { inject } from 'vitest'
import { connectionsOf, type SandboxConnections } from '../../sandbox/connections.ts'

/**
 * The sandbox that all tests of the project share. Each test file works in databases of its own (`createDatabase`), in
 * prefixes of its own in the bucket, and leaves the servers running.
 */
export function useSandbox(): SandboxConnections {
  return connectionsOf(inject('sandbox'))
}
