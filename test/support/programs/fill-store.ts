// Stores objects until it is killed or something fails: `fill-store.ts DIRECTORY BYTES`; prints what it stored, then the failure.
import { Failure } from '../../../functions/platform/failure.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'

const [directory = '', bytes = '0'] = process.argv.slice(2)
const store = openStore({ type: 'file', directory })
const block = Buffer.alloc(64 * 1024, 'x')
try {
  for (let index = 0; index < 1000; index += 1) {
    const upload = store.upload(`set/${String(index).padStart(4, '0')}`)
    for (let written = 0; written < Number(bytes); written += block.byteLength) await upload.write(block)
    process.stdout.write(`${(await upload.finish()).key}\n`)
  }
} catch (thrown) {
  if (!(thrown instanceof Failure)) throw thrown
  const { kind, code, hint } = thrown
  const pending = await Array.fromAsync(store.pendingUploads('')).then(
    (uploads) => uploads.length,
    () => 'unknown',
  )
  process.stdout.write(`${JSON.stringify({ kind, code, hint, pending })}\n`)
}
