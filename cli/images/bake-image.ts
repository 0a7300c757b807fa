import { resolve } from 'node:path'
import { bakeCloud } from '../../functions/images/bake/bake-cloud.ts'
import { bakeQemu } from '../../functions/images/bake/bake-qemu.ts'
import type { BakedImage } from '../../functions/images/bake/finish-image.ts'
import type { ImageBuilder, ImageRole } from '../../functions/images/image-facts.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { defaultDefinition, requireDefinition } from '../settings/definition.ts'
import { formatBytes, formatDuration } from '../terminal/format.ts'
import { renderTable } from '../terminal/table.ts'

/** What `ballast images bake` is told. */
export interface BakeImageOptions {
  config?: string
  role: ImageRole
  builder: ImageBuilder
  out: string
  variables: Readonly<Record<string, string>>
}

/** Bakes the image of one role. */
export async function bakeImage(options: BakeImageOptions, context: CommandContext): Promise<CommandResult> {
  const { config = defaultDefinition, role, builder, out, variables } = options
  const cluster = await requireDefinition(options.config)
  context.target(`${cluster.name}/${role}`)
  const common = {
    cluster,
    source: config,
    role,
    out: resolve(out),
    env: process.env,
    signal: context.signal,
    say: context.note,
  }
  if (builder === 'qemu') {
    if (Object.keys(variables).length > 0) throw noVariables()
    return bakedDisk(await bakeQemu(common))
  }
  const { name, id, manifestFile } = await bakeCloud({ ...common, builder, variables })
  const outcome = outcomeOf(name, {}, { id, manifestFile })
  return { outcome, text: `${name}: ${id}\nPublish it with: ballast images publish ${manifestFile}\n` }
}

function noVariables() {
  const hint = 'Leave --var out; what this builder is given follows from the definition: images.builders.qemu.'
  return configFailure('variables are for builders in a cloud', '--var', hint)
}

function bakedDisk({ directory, manifest }: BakedImage): CommandResult {
  const { name, image, steps, packages, tools } = manifest
  const numbers = { bytes: image.bytes, packages: packages.length, seconds: secondsOf(manifest) }
  const rows = steps.map((step) => [step.name, formatDuration(step.seconds)])
  const table = renderTable([{ heading: 'Step' }, { heading: 'Time', align: 'right' }], rows)
  const size = `${formatBytes(image.bytes)}, ${packages.length} packages, sealed, on ${tools.accelerator}`
  const text = `${table}\n${directory}: ${size}\nTest it with: ballast images test ${directory}\n`
  return { outcome: outcomeOf(name, numbers, { directory, image, steps }), text }
}

/** Steps inside another are part of it. */
function secondsOf({ steps }: BakedImage['manifest']): number {
  return Math.round(steps.filter(({ name }) => !name.includes(':')).reduce((sum, { seconds }) => sum + seconds, 0))
}

function outcomeOf(subject: string, numbers: Outcome['numbers'], details: object): Outcome {
  return { operation: 'images bake', subject, ok: true, numbers, details }
}
