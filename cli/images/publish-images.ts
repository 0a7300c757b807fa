import { type PublishedImage, publishImages } from '../../functions/images/publish/publish.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { DefinitionOptions, StoreOptions } from '../options.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { requireDefinition } from '../settings/definition.ts'
import { formatBytes } from '../terminal/format.ts'
import type { Style } from '../terminal/style.ts'
import { renderTable } from '../terminal/table.ts'
import { withImageStore } from './image-store.ts'

/** Publishes baked and tested images in the store. */
export async function publishBakedImages(
  paths: readonly string[],
  options: DefinitionOptions & StoreOptions,
  { signal, progress, style, target }: CommandContext,
): Promise<CommandResult> {
  const cluster = await requireDefinition(options.config)
  return await withImageStore(options, cluster, async (store) => {
    target(store.location)
    let totalBytes = 0
    let doneBytes = 0
    const published = await publishImages({
      ...{ cluster, store, paths, signal },
      begin: (name, bytes) => {
        progress.begin(name)
        // Every byte is stored, then read back.
        totalBytes = 2 * bytes
        doneBytes = 0
      },
      progress: (phase, bytes) => {
        doneBytes += bytes
        progress.update({ phase, doneBytes, totalBytes })
      },
    })
    progress.stop()
    return { outcome: publishOutcome(store.location, published), text: publishedText(store.location, published, style) }
  })
}

function publishOutcome(location: string, published: readonly PublishedImage[]): Outcome {
  const newOnes = published.filter(({ delivered }) => delivered === 'published')
  return {
    ...{ operation: 'images publish', subject: location, ok: true },
    numbers: {
      ...{ publishedImages: newOnes.length, alreadyPublishedImages: published.length - newOnes.length },
      storedBytes: newOnes.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    details: { images: published },
  }
}

const columns = [{ heading: '' }, { heading: 'Image' }, { heading: 'Builder' }, { heading: 'What it is' }]

function publishedText(location: string, published: readonly PublishedImage[], style: Style): string {
  const rows = published.map(({ release: { name, origin, image }, delivered }) => [
    delivered === 'published' ? style.good('published') : style.dim('was published already'),
    name,
    origin.builder,
    image.type === 'disk'
      ? `${formatBytes(image.disk.bytes)}, SHA-256 ${image.disk.sha256}`
      : `${image.copies.map(({ id }) => id).join(', ')}, tested as ${image.testedAs.name}`,
  ])
  return `${renderTable(columns, rows)}In ${location}\n`
}
