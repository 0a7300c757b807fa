import type { LabHost } from '../lab/lab-host.ts'
import type { TestCheck } from '../test-report.ts'
import type { TestedImage } from '../tested-image.ts'
import { bootAlone } from './boot-alone.ts'
import { bootPrimary } from './boot-primary.ts'

/** Boots an image's disk as its role is meant to be, and looks at what comes of it. */
export async function bootImage(
  { role, disk }: Pick<TestedImage, 'role' | 'disk'>,
  host: LabHost,
): Promise<readonly TestCheck[]> {
  return role === 'primary' ? await bootPrimary(disk, host) : await bootAlone(role, disk, host)
}
