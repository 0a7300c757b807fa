import { basename, relative, resolve } from 'node:path'
import { Failure } from '../../functions/platform/failure.ts'
import { type RenderedFile, renderTemplates } from '../../packer/render.ts'
import { isOwnDirectory, type TemplateChange, templateChanges, writeTemplates } from '../../packer/write.ts'
import { templatesOutcome } from '../outcomes/templates-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { defaultDefinition, requireDefinition } from '../settings/definition.ts'
import { templateChangesText } from '../terminal/templates-text.ts'

/** Writes the templates below a directory, or checks those that are there. */
export async function renderImages(
  { config, out = 'packer/templates', check = false }: { config?: string; out?: string; check?: boolean },
  { target }: CommandContext,
): Promise<CommandResult> {
  const cluster = await requireDefinition(config)
  target(cluster.name)
  const rendered = renderTemplates(cluster, definitionName(config ?? defaultDefinition))
  const directory = resolve(out)
  if (!(await isOwnDirectory(directory))) {
    throw configFailure(
      'it holds files that Ballast did not make',
      out,
      'Name an empty directory with --out: nothing was written.',
    )
  }
  const changes = await templateChanges(directory, rendered)
  if (!check) await write(directory, rendered, changes)
  return { outcome: templatesOutcome(cluster.name, changes, check), text: templateChangesText(changes, check), asked: check }
}

/** The definition as the marker names it: the same wherever the project lies. */
function definitionName(file: string): string {
  const name = relative(process.cwd(), resolve(file))
  return name.startsWith('..') ? basename(name) : name
}

async function write(directory: string, rendered: readonly RenderedFile[], changes: readonly TemplateChange[]): Promise<void> {
  try {
    await writeTemplates(directory, rendered, changes)
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException
    throw new Failure(`the templates could not be written: ${message}`, {
      kind: 'permanent',
      subject: directory,
      hint: 'Free space or permit writing there, then run it again: it writes what is still missing.',
      ...(code === undefined ? {} : { code }),
      cause,
    })
  }
}
