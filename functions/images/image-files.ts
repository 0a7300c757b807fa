/**
 * A baked image is a directory, named as the image is, that holds the disk `<name>.qcow2` and these files. Each is written
 * whole or not at all.
 */
export const imageFiles = {
  manifest: 'manifest.json',
  /** CycloneDX. */
  sbom: 'sbom.cdx.json',
  testReport: 'test-report.json',
} as const

/** What a published image has in the store beside them. */
export const storedFiles = {
  /** An in-toto statement. */
  provenance: 'provenance.json',
  checksums: 'SHA256SUMS',
  /** Of an image in a cloud: what Packer says of it. */
  packerManifest: 'packer-manifest.json',
  /** Written last: until it exists, there is no such image. */
  release: 'release.json',
} as const
