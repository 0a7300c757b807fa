import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const module = fileURLToPath(new URL('../../../../functions/platform/object-store/open-store.ts', import.meta.url))

/** Which of the SDK's files a program has loaded after this statement. */
function loadedBy(statement: string): string[] {
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => { if (url.includes('client-s3')) loaded.push(url); return next(url, context) } })
    const { openStore } = await import(${JSON.stringify(module)})
    ${statement}
    console.log(JSON.stringify(loaded))`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }))
}

it('loads the SDK only for a store in S3', () => {
  expect(loadedBy("await openStore({ type: 'file', directory: '/nonexistent' }).head('a')")).toEqual([])
  const s3 = "{ type: 's3', bucket: 'bucket', prefix: '', endpoint: 'http://127.0.0.1:9' }"
  expect(loadedBy(`await openStore(${s3}, { attempts: 1 }).head('a').catch(() => 0)`)).not.toEqual([])
})
