// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are expressions of HCL.
import type { JsonObject } from './json.ts'
import type { ImageRole } from './roles.ts'

/** Where everything that makes the image lies while it bakes. */
const WORKSHOP = '/tmp/ballast'

/**
 * The steps of a bake, in order: the scripts and the role's files are uploaded, then bake.sh does and checks everything. What
 * it does last is to remove what makes a machine one of its kind, and the workshop: nothing can follow.
 */
export function provisioners(role: ImageRole, root: boolean): readonly JsonObject[] {
  const become = root ? '' : 'sudo '
  return [
    // Until cloud-init has finished it holds the locks of apt; 2 says that it finished with a warning.
    shell('cloud-init status --wait || [ $? -eq 2 ]', `install -d -m 0700 ${WORKSHOP}`),
    upload('${local.image_scripts}'),
    upload('${path.root}/../root'),
    shell(`${become}bash ${WORKSHOP}/image-scripts/bake.sh ${role}`),
  ]
}

function shell(...lines: readonly string[]): JsonObject {
  return { shell: { inline: lines } }
}

/** A directory whose name has no slash after it arrives as a directory in the workshop. */
function upload(source: string): JsonObject {
  return { file: { source, destination: WORKSHOP } }
}
