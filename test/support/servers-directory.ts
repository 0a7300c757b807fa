import { tmpdir } from 'node:os'

/** Where tests make directories with servers in them: in memory where there is plenty, as `sandbox-setup.ts` decides. */
export function serversDirectory(): string {
  return process.env.BALLAST_SANDBOX_DIR || tmpdir()
}
