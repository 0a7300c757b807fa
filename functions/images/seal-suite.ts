import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabHost } from './lab/lab-host.ts'
import { withMountedImage } from './mounted-image.ts'
import { checkSeal } from './seal/check-seal.ts'
import type { TestCheck } from './test-report.ts'
import type { TestedImage } from './tested-image.ts'

/** Looks at the files of an image's disk, mounted read-only. */
export async function sealSuite({ disk }: Pick<TestedImage, 'disk'>, { qemu, signal, say }: LabHost): Promise<TestCheck[]> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-seal-'))
  try {
    const findings = await withMountedImage({ qemuImg: qemu.image, disk, directory }, (root) => checkSeal(root, signal))
    const failed = findings.filter(({ status }) => status === 'fail').length
    say(`${failed === 0 ? 'passed' : 'failed'}: ${findings.length} seal checks, ${failed} of them failed`)
    return findings.map(({ name, status, finding }) => {
      return { suite: 'seal', name, status: status === 'fail' ? 'failed' : 'passed', detail: finding }
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
