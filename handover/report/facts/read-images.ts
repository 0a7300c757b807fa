import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { imageFiles } from '../../../functions/images/image-files.ts'
import { imageManifest } from '../../../functions/images/image-manifest.ts'
import { parseDocument, readDocument } from '../../../functions/images/read-document.ts'
import { failedChecks, readTestReport, type TestReport } from '../../../functions/images/test-report.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import type { ImageFacts } from '../model/image-facts.ts'

/** Of a bill of materials: no more than is counted. */
const billOfMaterials = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  components: z.array(z.object({ licenses: z.array(z.unknown()).default([]) })).default([]),
})

/**
 * What the documents in directories of images say; sorted by name.
 *
 * @throws Failure `permanent` for a directory without a manifest, and for a document that is none: it may say what matters.
 */
export async function readImages(directories: readonly string[]): Promise<ImageFacts[]> {
  const images = await Promise.all(directories.map(readImage))
  return images.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

async function readImage(directory: string): Promise<ImageFacts> {
  const subject = basename(resolve(directory))
  const manifest = parseDocument(imageManifest, await readDocument(imageManifest, directory, subject), subject)
  const { name, image, origin, base, bakedAt, tools, packages } = manifest
  const tested = await readTestReport(directory, subject, image.sha256).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'NoReport') return undefined
    throw error
  })
  const sbom = await readSbom(directory, subject)
  return {
    ...{ name, image, origin, base, bakedAt, tools, packages: packages.length },
    ...(sbom === undefined ? {} : { sbom }),
    ...(tested === undefined ? {} : testsOf(tested)),
  }
}

function testsOf(report: TestReport): Pick<ImageFacts, 'passed' | 'failed' | 'testedAt'> {
  const passed = report.checks.filter(({ status }) => status === 'passed').length
  const failed = failedChecks(report).map(({ suite, name, detail }) => ({ suite, name, detail }))
  return { passed, failed, testedAt: report.finishedAt }
}

async function readSbom(directory: string, subject: string): Promise<ImageFacts['sbom']> {
  const text = await readFile(join(directory, imageFiles.sbom), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const { specVersion, components } = parseSbom(text, subject)
  const licences = components.flatMap(({ licenses }) => licenses.map((licence) => JSON.stringify(licence)))
  return {
    format: `CycloneDX ${specVersion}`,
    components: components.length,
    licences: new Set(licences).size,
    withoutLicence: components.filter(({ licenses }) => licenses.length === 0).length,
  }
}

function parseSbom(text: string, subject: string): z.output<typeof billOfMaterials> {
  try {
    return billOfMaterials.parse(JSON.parse(text))
  } catch (cause) {
    throw new Failure(`its bill of materials (${imageFiles.sbom}) is not one of CycloneDX`, {
      ...{ kind: 'permanent', subject, code: 'BadSbom' },
      cause,
      hint: "Bake the image again, or move the file away if it is not the image's.",
    })
  }
}
