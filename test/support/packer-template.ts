import type { Cluster } from '../../config/index.ts'
import type { BuilderName } from '../../packer/builders/builder.ts'
import type { PackerForm } from '../../packer/packer-form.ts'
import { renderTemplates } from '../../packer/render.ts'
import type { ImageRole } from '../../packer/roles.ts'

/** What the tests look at in a template. */
export interface PackerTemplate {
  '//': string
  variable: Record<string, { type: string; default?: unknown; sensitive?: boolean; validation?: unknown[] }>
  source: Record<string, Record<string, Record<string, unknown>>>
  build: {
    provisioner: Record<string, Record<string, unknown>>[]
    'post-processor': Record<string, Record<string, unknown>>[]
  }
}

/** The text of a rendered file; an error where there is none. */
export function renderedText(cluster: Cluster, path: string, form?: PackerForm): string {
  const file = renderTemplates(cluster, 'ballast.config.ts', form).find((one) => one.path === path)
  if (file === undefined) throw new Error(`${path} is not rendered`)
  return file.text
}

/** A role's template for a builder. */
export function template(cluster: Cluster, role: ImageRole, builder: BuilderName, form?: PackerForm): PackerTemplate {
  return JSON.parse(renderedText(cluster, `${role}/${builder}/image.pkr.json`, form)) as PackerTemplate
}

/** The body of its only source block. */
export function sourceOf(cluster: Cluster, role: ImageRole, builder: BuilderName, form?: PackerForm): Record<string, unknown> {
  return template(cluster, role, builder, form).source[builder]?.[role] ?? {}
}
