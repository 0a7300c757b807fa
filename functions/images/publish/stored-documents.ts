import type { StoredFile } from '../image-facts.ts'
import type { ImageManifest } from '../image-manifest.ts'

/** Digests of files as `sha256sum --check` reads them. */
export function checksumsText(files: readonly StoredFile[]): string {
  return files.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join('')
}

/**
 * Where a disk comes from, as an in-toto statement with the predicate of SLSA: https://slsa.dev/spec/v1.0/provenance. It is
 * not signed: it says what was done, and proves it to nobody who does not trust the store.
 */
export function provenanceStatement({ name, image, origin, base, bakedAt, tools }: ImageManifest): object {
  const { cluster, role, builder, definition, commit } = origin
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: image.file, digest: { sha256: image.sha256 } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:x-ballast:bake:1',
        externalParameters: { cluster, role, builder, definition },
        internalParameters: { accelerator: tools.accelerator },
        resolvedDependencies: [
          { name: 'project', digest: { gitCommit: commit } },
          { name: 'definition', digest: { sha256: definition } },
          { name: 'base disk', digest: { sha256: base.sha256 } },
        ],
      },
      runDetails: {
        builder: { id: `urn:x-ballast:builder:${builder}`, version: versions(tools) },
        metadata: { invocationId: name, finishedOn: bakedAt },
      },
    },
  }
}

function versions({ ballast, packer, qemu }: ImageManifest['tools']): Record<string, string> {
  return { ballast, packer, qemu }
}
