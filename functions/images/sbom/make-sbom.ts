import { createHash } from 'node:crypto'
import { run } from '../../platform/process/run.ts'
import type { Origin } from '../image-facts.ts'
import { validateSbom } from './validate-sbom.ts'

/** What an SBOM is made from. */
export interface SbomRequest {
  /** Where the image's root is mounted. Nothing in it is run. */
  root: string
  /** Name of the image. */
  name: string
  distribution: 'debian-13' | 'ubuntu-24.04'
  origin: Origin
  /** When the image was baked, in UTC: `2026-11-22T06:00:00Z`. */
  bakedAt: string
  /** The Python of {@link sbomPython}. */
  python: string
  signal?: AbortSignal | undefined
}

const withinMs = 5 * 60_000

/**
 * The bill of materials of an image, in CycloneDX 1.6 (JSON): every package that dpkg has installed, its source package,
 * licences as far as they are declared, and which package needs which. It is checked against the format's schema. The same
 * image gives the same text.
 *
 * @throws Failure where debsbom fails, or what it wrote breaks the schema.
 */
export async function makeSbom({ root, name, distribution, origin, bakedAt, python, signal }: SbomRequest): Promise<string> {
  const [vendor = '', version = ''] = distribution.split('-')
  const facts = { cluster: origin.cluster, role: origin.role, definition: origin.definition, commit: origin.commit }
  const { stdout } = await run({
    command: python,
    args: [
      ...['-m', 'debsbom.cli', 'generate', '--sbom-type', 'cdx', '--cdx-schema-version', '1.6', '--out', '-', '--root', root],
      ...['--distro-name', name, '--distro-version', version, '--base-distro-vendor', vendor, '--with-licenses'],
      ...['--cdx-serialnumber', serialNumber(name, bakedAt), '--timestamp', bakedAt],
      ...Object.entries(facts).flatMap(([key, value]) => ['--add-meta-data', `ballast:${key}=${value}`]),
    ],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    timeoutMs: withinMs,
    ...(signal === undefined ? {} : { signal }),
    explain: () => ({
      kind: 'permanent',
      hint: `Look whether ${root} is the root of a Debian or Ubuntu system, with dpkg in it.`,
    }),
  })
  await validateSbom(python, stdout, name)
  return stdout
}

/** A UUID that follows from the image: version 8 is for such. */
function serialNumber(name: string, bakedAt: string): string {
  const hex = createHash('sha256').update(`${name} ${bakedAt}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
