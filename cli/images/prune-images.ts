import { readFile } from 'node:fs/promises'
import type { ImageBuilder } from '../../functions/images/image-facts.ts'
import { isListed, type ListedBuilder, type ListedImage, parseListing } from '../../functions/images/prune/cloud-listing.ts'
import { pruneImages } from '../../functions/images/prune/prune.ts'
import type { DefinitionOptions, StoreOptions } from '../options.ts'
import { imagePruneOutcome } from '../outcomes/image-prune-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { requireDefinition } from '../settings/definition.ts'
import { imagePruneText } from '../terminal/image-prune-text.ts'
import { withImageStore } from './image-store.ts'

export interface PruneImagesOptions extends DefinitionOptions, StoreOptions {
  inUse: string[]
  listing: string[]
  amazon: boolean
  dryRun?: boolean
}

/** Removes old images, or shows which ones would go. */
export async function pruneOldImages(options: PruneImagesOptions, context: CommandContext): Promise<CommandResult> {
  const { inUse, amazon, dryRun = false } = options
  const { signal, style, target, failed } = context
  const cluster = await requireDefinition(options.config)
  const listings = await readListings(options.listing)
  return await withImageStore(options, cluster, async (store) => {
    target(store.location)
    const result = await pruneImages({ cluster, store, amazon, listings, inUse, dryRun, signal })
    for (const image of result.images) if (image.outcome === 'failed') failed(image.image.name, image.failure)
    return {
      outcome: imagePruneOutcome(store.location, result, dryRun),
      text: imagePruneText(store.location, result, dryRun, style),
      // Commands to run are asked for, too.
      asked: dryRun || result.images.some(({ outcome }) => outcome === 'manual'),
    }
  })
}

/** Each is `builder=file`. */
async function readListings(given: readonly string[]): Promise<ReadonlyMap<ListedBuilder, readonly ListedImage[]>> {
  const listings = new Map<ListedBuilder, readonly ListedImage[]>()
  for (const one of given) {
    const [builder = '', ...rest] = one.split('=')
    const file = rest.join('=')
    if (!isListed(builder as ImageBuilder) || file === '') {
      const hint = 'Write it as googlecompute=FILE, azure-arm=FILE, digitalocean=FILE or hcloud=FILE.'
      throw configFailure(`"${one}" names no cloud and file`, '--listing', hint)
    }
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw configFailure(`the listing cannot be read: ${cause.message}`, file, 'Name a file that this user may read.')
    })
    listings.set(builder as ListedBuilder, parseListing(builder as ListedBuilder, text, file))
  }
  return listings
}
