import { chown, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { throwIfAborted } from '../functions/platform/abort.ts'
import { type Account, type Guard, startGuard } from '../functions/platform/guard/guard.ts'
import { claimDirectory } from '../functions/platform/postgres/local-server.ts'
import { serverAccount } from '../functions/platform/postgres/server-account.ts'
import { findServerBinaries } from './binaries.ts'
import { connectionsOf, type SandboxConnections } from './connections.ts'
import type { SandboxOptions } from './options.ts'
import { type SandboxParts, startParts, stopParts } from './parts.ts'

/** A real cluster on loopback: primary, streaming standby, PgBouncer and an S3 server. */
export interface Sandbox extends SandboxConnections {
  /** What can be taken away, and started again. */
  readonly parts: SandboxParts
  /** Stops everything and removes the directory. Idempotent. */
  stop(): Promise<void>
}

/**
 * Starts a cluster on free ports of 127.0.0.1, as an unprivileged user, in a directory of its own. It ends with `stop`, with
 * the signal, or with this process, however that ends.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  throwIfAborted(options.signal, 'sandbox')
  const pgBin = await findServerBinaries(options.pgBin)
  const account = await serverAccount()
  const guard = startGuard()
  try {
    const directory = await makeDirectory(guard, options.directory, account)
    const parts = await startParts(guard, { ...options, directory, pgBin, account })
    return sandboxOf(guard, parts, options.signal)
  } catch (error) {
    await guard.release()
    throw error
  }
}

/** Stops once, however often and by whomever it is asked. */
function sandboxOf(guard: Guard, parts: SandboxParts, signal: AbortSignal | undefined): Sandbox {
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= stopAll(guard, parts)
    return stopping
  }
  signal?.addEventListener('abort', () => void stop().catch(() => undefined), { once: true })
  return Object.assign(connectionsOf(parts.data), { parts, stop })
}

async function stopAll(guard: Guard, parts: SandboxParts): Promise<void> {
  try {
    await stopParts(parts)
  } finally {
    await guard.release()
  }
}

async function makeDirectory(guard: Guard, named: string | undefined, account: Account | undefined): Promise<string> {
  if (named !== undefined) {
    await claimDirectory(guard, named, account)
    return named
  }
  const directory = await mkdtemp(join(process.env.BALLAST_SANDBOX_DIR || tmpdir(), 'ballast-sandbox-'))
  guard.removeAtEnd(directory)
  if (account) await chown(directory, account.uid, account.gid)
  return directory
}
