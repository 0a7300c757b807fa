import { createHash, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Origin } from '../../functions/images/image-facts.ts'
import { imageFiles } from '../../functions/images/image-files.ts'
import { type ImageManifest, writeManifest } from '../../functions/images/image-manifest.ts'
import { type TestCheck, writeTestReport } from '../../functions/images/test-report.ts'

export const commit = 'c0ffee'.padEnd(40, '0')

/** How an image differs from a primary's that was baked and has passed. */
export interface BakedCase {
  name?: string
  origin?: Partial<Origin>
  /** What its report says it was made from; as the image where it is left out. */
  testedOrigin?: Partial<Origin>
  bakedAt?: string
  checks?: TestCheck[]
  diskBytes?: number
}

export const passed: TestCheck[] = [
  { suite: 'seal', name: 'no host keys', status: 'passed', detail: 'none' },
  { suite: 'boot', name: 'first query', status: 'passed', detail: '62 s' },
]

export const imageName = 'ballast-shop-primary-20261126-220000'

/** A directory as a bake and its tests leave it, with random bytes for a disk; returns its path and what it holds. */
export async function bakedImage(
  parent: string,
  definition: string,
  { name = imageName, bakedAt = '2026-11-26T22:00:00Z', checks = passed, diskBytes = 3_000_000, ...given }: BakedCase = {},
): Promise<{ directory: string; disk: Buffer; manifest: ImageManifest }> {
  const directory = join(parent, name)
  await mkdir(directory, { recursive: true })
  const disk = randomBytes(diskBytes)
  const image = { file: `${name}.qcow2`, bytes: disk.length, sha256: createHash('sha256').update(disk).digest('hex') }
  const origin: Origin = { cluster: 'shop', role: 'primary', builder: 'qemu', definition, commit, ...given.origin }
  const manifest: ImageManifest = {
    ...{ format: 1, name, image, origin, bakedAt },
    base: { distribution: 'debian-13', sha256: 'b'.repeat(64) },
    tools: { ballast: '0.1.0', packer: '1.6.6', qemu: '10.0.2', accelerator: 'tcg' },
    steps: [{ name: 'boot', seconds: 57 }],
    tree: { entries: 1, bytes: 1, sha256: 'e'.repeat(64) },
    packages: [
      {
        ...{ name: 'postgresql-17', version: '17.11-0+deb13u1', architecture: 'amd64' },
        ...{ source: 'postgresql-17', sourceVersion: '17.11-0+deb13u1' },
      },
    ],
  }
  await writeFile(join(directory, image.file), disk)
  await writeManifest(directory, manifest)
  await writeFile(join(directory, imageFiles.sbom), '{"bomFormat":"CycloneDX"}\n')
  await writeTestReport(directory, {
    ...{ format: 1, image, origin: { ...origin, ...given.testedOrigin }, ballast: '0.1.0', checks },
    ...{ startedAt: '2026-11-26T22:05:00Z', finishedAt: '2026-11-26T22:10:00Z' },
  })
  return { directory, disk, manifest }
}

/** What Packer leaves of an image in a cloud: the file that a bake puts beside the disks. */
export async function packerManifest(
  parent: string,
  definition: string,
  { builder = 'amazon-ebs', stamp = '20261126-221500', role = 'primary', artifact = 'us-east-1:ami-0123456789abcdef0' } = {},
): Promise<string> {
  const file = join(parent, `ballast-shop-${role}-${stamp}.${builder}.json`)
  const tags = {
    ...{ 'ballast-cluster': 'shop', 'ballast-role': role, 'ballast-definition': definition.slice(0, 40) },
    ...{ 'ballast-commit': commit, 'ballast-base': 'ami-0aaaaaaaaaaaaaaaa', 'ballast-date': stamp },
  }
  const build = {
    ...{ name: role, builder_type: builder, build_time: 1_795_732_500, files: null, artifact_id: artifact },
    ...{ packer_run_uuid: '00000000-0000-0000-0000-000000000000', custom_data: tags },
  }
  await mkdir(parent, { recursive: true })
  await writeFile(file, JSON.stringify({ builds: [build], last_run_uuid: build.packer_run_uuid }))
  return file
}
