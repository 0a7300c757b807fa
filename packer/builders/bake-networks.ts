// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the condition is an expression of HCL.
import type { Cidr } from '../../config/index.ts'
import type { JsonObject } from '../json.ts'
import { variable } from '../variables.ts'

/** Networks that may reach SSH of a machine while it bakes. None at all would open it to the world, so that is refused. */
export function bakeNetworks(admin: readonly Cidr[]): JsonObject {
  const networks = admin.map(({ text }) => text)
  return {
    ...variable(
      "Networks that may reach the machine while it bakes: the admins', or that of the machine that runs Packer.",
      'list(string)',
      networks.length === 0 ? undefined : networks,
    ),
    validation: [
      {
        condition:
          '${length(var.bake_networks) > 0 && length([for n in var.bake_networks : n if split("/", n)[1] == "0"]) == 0}',
        error_message: 'Name at least one network, and never the whole Internet.',
      },
    ],
  }
}
