import { type ImageManifest, imageManifest } from '../../functions/images/image-manifest.ts'
import { parseDocument, readDocument } from '../../functions/images/read-document.ts'
import { readTestReport, type TestReport } from '../../functions/images/test-report.ts'
import type { ImageRole } from '../../packer/roles.ts'
import { startCli } from '../support/run-cli.ts'
import { definitionFile } from './baked-images.ts'
import { imageDirectory } from './image-directory.ts'

/** What `ballast images test` leaves beside the image of a role. */
export async function bootReport(
  role: ImageRole,
): Promise<{ code: number | null; report: TestReport; manifest: ImageManifest }> {
  const directory = imageDirectory(role)
  const run = startCli(['images', 'test', directory, '--config', definitionFile, '--json'], {})
  run.child.stderr?.pipe(process.stderr)
  const { code } = await run.ended
  const manifest = parseDocument(imageManifest, await readDocument(imageManifest, directory, role), role)
  return { code, manifest, report: await readTestReport(directory, role, manifest.image.sha256) }
}
