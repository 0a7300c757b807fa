import type { ImageRole } from '../../packer/roles.ts'

/** The directories of the images under test, by role; the tests' runner has baked them. */
export function imageDirectory(role: ImageRole): string {
  const directories = JSON.parse(process.env.BALLAST_TEST_IMAGES ?? '{}') as Partial<Record<ImageRole, string>>
  const directory = directories[role]
  if (directory === undefined) throw new Error('the images are baked by the runner: npm run test:images')
  return directory
}
