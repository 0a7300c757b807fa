import type { TestProject } from 'vitest/node'
import type { SandboxData } from '../../sandbox/data.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'

declare module 'vitest' {
  interface ProvidedContext {
    sandbox: SandboxData
  }
}

/** Starts the sandbox that the project's tests share, and returns what stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sandbox = await startSandbox()
  project.provide('sandbox', sandbox.data)
  return () => sandbox.stop()
}
