import type { ImageFacts } from '../../handover/report/model/image-facts.ts'
import { handoverDefinition, otherDefinition } from './handover-records.ts'

/** Images of the reference cluster: one that passed, one of an earlier definition, one that nobody tested. */
export function sampleImages(): ImageFacts[] {
  const primary: ImageFacts = {
    name: 'ballast-primary-20261120t101500z',
    image: { file: 'ballast-primary-20261120t101500z.qcow2', bytes: 612_368_384, sha256: '5e'.repeat(32) },
    origin: { cluster: 'shop', role: 'primary', builder: 'qemu', definition: handoverDefinition, commit: 'a'.repeat(40) },
    base: { distribution: 'debian-13', sha256: '77'.repeat(32) },
    bakedAt: '2026-11-20T10:15:00.000Z',
    tools: { ballast: '0.1.0', packer: '1.11.2', qemu: '10.0.2', accelerator: 'kvm' },
    packages: 412,
    sbom: { format: 'CycloneDX 1.6', components: 437, licences: 61, withoutLicence: 4 },
    ...{ passed: 88, failed: [], testedAt: '2026-11-20T11:02:00.000Z' },
  }
  return [primary]
}

/** The same with trouble. */
export function troubledImages(): ImageFacts[] {
  const [primary] = sampleImages()
  if (primary === undefined) throw new Error('there is no image')
  const { passed: _, failed: __, testedAt: ___, sbom: ____, ...untested } = primary
  const outdated = { ...primary.origin, role: 'replica', definition: otherDefinition } as const
  return [
    primary,
    { ...primary, name: 'ballast-replica-20261102t090000z', origin: outdated },
    { ...untested, name: 'ballast-untested' },
  ]
}
