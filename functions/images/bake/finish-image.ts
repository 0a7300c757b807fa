import { mkdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { definitionHash } from '../../../config/index.ts'
import { ballastVersion } from '../../archive/version.ts'
import type { Finding } from '../../platform/check.ts'
import { Failure } from '../../platform/failure.ts'
import { compressDisk } from '../../platform/qemu/disk-image.ts'
import { fileSha256 } from '../file-sha256.ts'
import type { Origin, StoredFile } from '../image-facts.ts'
import { imageFiles } from '../image-files.ts'
import { type ImageManifest, manifestFormat, writeManifest } from '../image-manifest.ts'
import { withMountedImage } from '../mounted-image.ts'
import { makeSbom } from '../sbom/make-sbom.ts'
import { sbomPython } from '../sbom/sbom-python.ts'
import { checkSeal } from '../seal/check-seal.ts'
import { installedPackages } from '../tree/installed-packages.ts'
import { digestTree } from '../tree/tree-digest.ts'
import { writeDocument } from '../write-document.ts'
import type { Workshop } from './workshop.ts'

/** An image that was baked and has passed every seal check. */
export interface BakedImage {
  /** Its own directory. */
  directory: string
  manifest: ImageManifest
}

/** What is in an image, as read from its disk. */
interface Contents extends Pick<ImageManifest, 'tree' | 'packages'> {
  sbom: string
}

/** Compresses a disk, looks at it as it will ship, and puts it with its documents into the image's directory. */
export async function finishImage(shop: Workshop, built: string): Promise<BakedImage> {
  const { qemu, directory, out, name, clock } = shop
  const draft = join(directory, name)
  const file = `${name}.qcow2`
  const path = join(draft, file)
  await mkdir(draft)
  clock.begin('compress')
  await compressDisk(qemu.image, { path: built, format: 'qcow2' }, path)
  clock.begin('seal checks')
  const mounted = { qemuImg: qemu.image, disk: path, directory }
  const { sbom, ...contents } = await withMountedImage(mounted, (root) => lookInside(shop, root))
  const image = { file, bytes: (await stat(path)).size, sha256: await fileSha256(path) }
  const manifest = manifestOf(shop, image, contents)
  await writeDocument(join(draft, imageFiles.sbom), Buffer.from(sbom))
  await writeManifest(draft, manifest)
  const final = join(out, name)
  await rename(draft, final)
  return { directory: final, manifest }
}

async function lookInside(shop: Workshop, root: string): Promise<Contents> {
  const { cluster, name, date, env, clock, signal } = shop
  requireSealed(name, await checkSeal(root, signal))
  clock.begin('bill of materials')
  const packages = installedPackages(await readFile(join(root, 'var/lib/dpkg/status'), 'utf8'))
  const tree = await digestTree(root, signal)
  const from = { root, name, distribution: cluster.images.base, origin: originOf(shop), bakedAt: date }
  return { tree, packages, sbom: await makeSbom({ ...from, python: await sbomPython(env), signal }) }
}

function requireSealed(name: string, findings: readonly Finding[]): void {
  const open = findings.filter(({ status }) => status === 'fail')
  if (open.length === 0) return
  const named = open.map((finding) => `${finding.name}: ${finding.finding}`).join('; ')
  throw new Failure(`the image holds what no image may: ${named}`, {
    ...{ kind: 'bug', subject: name, code: 'NotSealed' },
    hint: 'image-scripts/seal.sh must remove it, or the step that makes it must not.',
  })
}

function originOf({ cluster, role, commit }: Workshop): Origin {
  return { cluster: cluster.name, role, builder: 'qemu', definition: definitionHash(cluster), commit }
}

function manifestOf(shop: Workshop, image: StoredFile, contents: Omit<Contents, 'sbom'>): ImageManifest {
  const { cluster, date, name, base, packer, qemu, accelerator, clock } = shop
  return {
    ...{ format: manifestFormat, name, image, origin: originOf(shop), bakedAt: date },
    base: { distribution: cluster.images.base, sha256: base.sha256 },
    tools: { ballast: ballastVersion, packer: packer.version, qemu: qemu.version, accelerator },
    steps: clock.finish(),
    ...contents,
  }
}
