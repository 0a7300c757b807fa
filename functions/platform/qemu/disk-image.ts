import { run } from '../process/run.ts'

const withinMs = 10 * 60_000

/** Makes a disk that starts as another one and keeps its own changes; the other must not change meanwhile. */
export async function makeOverlay(qemuImg: string, backing: string, path: string): Promise<void> {
  await image(qemuImg, ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', backing, path])
}

/** Copies a disk into a qcow2 file whose clusters are compressed with zstd. */
export async function compressDisk(
  qemuImg: string,
  from: { path: string; format: 'qcow2' | 'raw' },
  to: string,
): Promise<void> {
  const compressed = ['-c', '-O', 'qcow2', '-o', 'compression_type=zstd']
  await image(qemuImg, ['convert', '-f', from.format, ...compressed, from.path, to])
}

/** Copies a disk into a sparse raw file, which can be mounted. */
export async function unpackDisk(qemuImg: string, from: string, to: string): Promise<void> {
  await image(qemuImg, ['convert', '-f', 'qcow2', '-O', 'raw', from, to])
}

async function image(qemuImg: string, args: readonly string[]): Promise<void> {
  await run({ command: qemuImg, args, env: { LC_ALL: 'C.UTF-8' }, timeoutMs: withinMs })
}
