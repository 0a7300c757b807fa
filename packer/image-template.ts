// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { Cluster } from '../config/index.ts'
import type { Builder, BuilderParts } from './builders/builder.ts'
import type { JsonObject } from './json.ts'
import { withoutNewerKeys } from './legacy-keys.ts'
import type { PackerForm } from './packer-form.ts'
import { provisioners } from './provisioners.ts'
import type { ImageRole } from './roles.ts'
import { STAMP } from './tags.ts'
import { commonVariables } from './variables.ts'

/** What Packer builds a role's image with on one builder, as HCL2 in JSON: all of it but the plugins. */
export function imageTemplate(cluster: Cluster, role: ImageRole, builder: Builder, form: PackerForm): JsonObject {
  const parts = builder.parts(cluster, role)
  const source = form === 'legacy' ? withoutNewerKeys(builder.name, parts.source) : parts.source
  return {
    variable: { ...commonVariables(), ...parts.variables },
    locals: {
      image_scripts: '${var.image_scripts == "" ? "${path.root}/../../../../image-scripts" : var.image_scripts}',
      stamp: STAMP,
    },
    source: { [builder.name]: { [role]: source } },
    build: {
      sources: [`source.${builder.name}.${role}`],
      provisioner: provisioners(role, parts.root),
      'post-processor': postProcessors(parts),
    },
  }
}

function postProcessors({ output, tags }: BuilderParts): readonly JsonObject[] {
  const manifest = { manifest: { output: '${var.manifest}', strip_path: true, custom_data: tags } }
  if (output === undefined) return [manifest]
  return [{ checksum: { checksum_types: ['sha256'], output: `${output}/{{ .BuildName }}.{{ .ChecksumType }}` } }, manifest]
}

/** The Packer and the plugin that the template is written for; `packer init` installs the plugin. */
export function pluginsTemplate({ plugin }: Builder): JsonObject {
  const { name, source, version } = plugin
  return {
    packer: { required_version: '>= 1.11.0', required_plugins: { [name]: { source, version: `= ${version}` } } },
  }
}
