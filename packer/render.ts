import type { Cluster } from '../config/index.ts'
import { BUILDERS } from './builders/all.ts'
import type { Builder } from './builders/builder.ts'
import { roleFiles } from './files/role-files.ts'
import { imageTemplate, pluginsTemplate } from './image-template.ts'
import { formatJson, type JsonObject } from './json.ts'
import type { PackerForm } from './packer-form.ts'
import { IMAGE_ROLES, type ImageRole } from './roles.ts'
import { cloudFirewalls } from './security-groups/all.ts'

/** A file below the directory of the templates. */
export interface RenderedFile {
  path: string
  text: string
  executable: boolean
}

/** How every template starts; `--check` and the writer know their own files by it. */
export const MARKER = 'Made by `ballast images render` from '

/**
 * Everything that images and the clouds' firewalls are made from, sorted by path: a template for each role and builder, the
 * files of each role, the firewalls of each cloud. The same definition gives the same bytes.
 *
 * @param source the definition's file, for the marker.
 */
export function renderTemplates(cluster: Cluster, source: string, form: PackerForm = 'current'): readonly RenderedFile[] {
  const files = [
    ...IMAGE_ROLES.flatMap((role) => BUILDERS.flatMap((builder) => templates(cluster, role, builder, source, form))),
    ...IMAGE_ROLES.flatMap((role) => rootFiles(cluster, role)),
    ...cloudFirewalls(cluster).map(({ path, body }) => plain(`security-groups/${path}`, formatJson(body))),
  ]
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function templates(cluster: Cluster, role: ImageRole, builder: Builder, source: string, form: PackerForm): RenderedFile[] {
  const directory = `${role}/${builder.name}`
  const marked = (body: JsonObject) => formatJson({ '//': `${MARKER}${source}; changes made here are lost.`, ...body })
  const image = plain(`${directory}/image.pkr.json`, marked(imageTemplate(cluster, role, builder, form)))
  if (form === 'legacy') return [image]
  return [image, plain(`${directory}/plugins.pkr.json`, marked(pluginsTemplate(builder)))]
}

function rootFiles(cluster: Cluster, role: ImageRole): RenderedFile[] {
  return roleFiles(cluster, role).map(({ path, content, executable = false }) => ({
    path: `${role}/root${path}`,
    text: content,
    executable,
  }))
}

function plain(path: string, text: string): RenderedFile {
  return { path, text, executable: false }
}
