import { join } from 'node:path'
import { expect, test } from 'vitest'
import { definitionHash, loadCluster } from '../../../../config/index.ts'
import { certificateFiles, withCertificates } from '../../../../functions/runtime/lambda/certificates.ts'

const reference = () => loadCluster(join(import.meta.dirname, '../../../../ballast.config.ts'))

test('certificates are found wherever the definition names them, and moved there', async () => {
  const cluster = await reference()
  expect(certificateFiles(cluster)).toEqual(['/etc/ballast/root.crt'])
  const moved = withCertificates(cluster, (file) => `/var/task${file}`)
  expect(certificateFiles(moved)).toEqual(['/var/task/etc/ballast/root.crt'])
  expect(definitionHash(withCertificates(moved, () => '/etc/ballast/root.crt'))).toBe(definitionHash(cluster))
})

test('a definition means the same when it was written as JSON and read again', async () => {
  const cluster = await reference()
  expect(definitionHash(JSON.parse(JSON.stringify(cluster)))).toBe(definitionHash(cluster))
})
