import type { ImageManifest } from '../../../functions/images/image-manifest.ts'
import type { TestCheck } from '../../../functions/images/test-report.ts'

/** What the documents beside one image say. */
export interface ImageFacts extends Pick<ImageManifest, 'name' | 'origin' | 'base' | 'bakedAt' | 'tools'> {
  image: ImageManifest['image']
  packages: number
  /** Of the bill of materials; absent where the image has none. */
  sbom?: { format: string; components: number; licences: number; withoutLicence: number }
  /** Checks of its tests that passed; absent, as is `failed`, where it was never tested. */
  passed?: number
  /** What failed, or was not looked at although it must be. */
  failed?: Pick<TestCheck, 'suite' | 'name' | 'detail'>[]
  testedAt?: string
}
