import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import type { ImageFacts } from '../model/image-facts.ts'
import { badge, section } from './parts.ts'
import type { View } from './view.ts'

/** The images that were given: what they were made from, what is in them, and what their tests found. */
export function imagesSection(view: View): Html {
  const { report, texts } = view
  if (report.images.length === 0) return section(view, 'images', [html`<p>${texts.noImages}</p>`])
  const { image, role, bakedAt, size, packages, bom, tests } = texts.columns
  const rows = report.images.map((one) => imageRow(view, one))
  const shown = table('images', texts.imagesCaption, [image, role, bakedAt, size, packages, bom, tests], rows)
  return section(view, 'images', [shown])
}

function imageRow(view: View, facts: ImageFacts): Html {
  const { texts, format, numbers } = view
  const { name, image, origin, base, bakedAt, tools, packages, sbom } = facts
  const made = `Packer ${tools.packer}, QEMU ${tools.qemu}`
  const { columns } = texts
  return row(html`${name} <small>${texts.digest} ${image.sha256}</small>`, [
    cell(columns.role, origin.role),
    cell(
      columns.bakedAt,
      html`${format.instant(Date.parse(bakedAt))} <small>${texts.bakedFrom(base.distribution, made)}</small>`,
    ),
    cell(columns.size, format.bytes(image.bytes)),
    cell(columns.packages, numbers.count(packages)),
    cell(columns.bom, sbom === undefined ? texts.noSbom : sbomText(view, sbom)),
    cell(columns.tests, testsOf(view, facts)),
  ])
}

function sbomText({ texts, numbers }: View, { format, components, licences, withoutLicence }: NonNullable<ImageFacts['sbom']>) {
  return texts.sbom(format, numbers.count(components), numbers.count(licences), numbers.count(withoutLicence))
}

function testsOf(view: View, { passed, failed, origin }: ImageFacts): Html {
  const { texts, numbers, report } = view
  const outdated = origin.definition === report.definition ? undefined : html` <small>${texts.imageOutdated}</small>`
  if (failed === undefined) return html`${badge(view, 'not run')} <small>${texts.imageUntested}</small>${outdated}`
  const verdict = failed.length > 0 ? 'failed' : outdated === undefined ? 'passed' : 'not run'
  const text =
    failed.length > 0 ? texts.imageFailed(numbers.count(failed.length)) : texts.imageTests(numbers.count(passed ?? 0))
  const found = failed.map(({ name, detail }) => html` <small lang="en">${name}: ${detail}</small>`)
  return html`${badge(view, verdict)} <small>${text}</small>${found}${outdated}`
}
