import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import type { ImageBuilder } from '../image-facts.ts'
import type { FoundImage } from './found-image.ts'

/** The clouds whose images are listed, and removed, by their own command lines. */
export type ListedBuilder = Exclude<ImageBuilder, 'qemu' | 'amazon-ebs'>

/** An image in a listing. */
export interface ListedImage extends FoundImage {
  /** Removes it; a line for a shell. */
  command: string
}

interface Listing {
  /** Prints the text that {@link parseListing} reads. */
  command: string
  schema: z.ZodType<ListedImage[]>
}

const values = z
  .record(z.string(), z.string())
  .nullish()
  .transform((tags) => tags ?? {})

/** What each cloud's own command line prints, and takes. */
const listings: Record<ListedBuilder, Listing> = {
  googlecompute: {
    command: 'gcloud compute images list --no-standard-images --format=json',
    schema: z.array(
      z
        .object({ name: z.string(), selfLink: z.string(), labels: values })
        .transform(({ name, selfLink, labels }) =>
          listed(name, name, labels, 'gcloud', 'compute', 'images', 'delete', name, `--project=${projectOf(selfLink)}`),
        ),
    ),
  },
  'azure-arm': {
    command: 'az image list --output json',
    schema: z.array(
      z
        .object({ id: z.string(), name: z.string(), tags: values })
        .transform(({ id, name, tags }) => listed(id, name, tags, 'az', 'image', 'delete', '--ids', id)),
    ),
  },
  digitalocean: {
    command: 'doctl compute snapshot list --resource droplet --output json',
    schema: z.array(
      z
        .object({ id: z.coerce.string(), name: z.string(), tags: z.array(z.string()).nullish() })
        .transform(({ id, name, tags }) =>
          listed(id, name, Object.fromEntries((tags ?? []).map(pair)), 'doctl', 'compute', 'snapshot', 'delete', id),
        ),
    ),
  },
  hcloud: {
    command: 'hcloud image list --type snapshot --output json',
    schema: z.array(
      z
        .object({ id: z.coerce.string(), description: z.string(), labels: values })
        .transform(({ id, description, labels }) => listed(id, description, labels, 'hcloud', 'image', 'delete', id)),
    ),
  },
}

/** The command whose output is the listing of a cloud; undefined for a builder that needs none. */
export function listingCommand(builder: ImageBuilder): string | undefined {
  return isListed(builder) ? listings[builder].command : undefined
}

export function isListed(builder: ImageBuilder): builder is ListedBuilder {
  return builder in listings
}

/**
 * The images in a cloud's listing.
 *
 * @param file where it was read from, for errors.
 * @throws Failure of kind `config` for anything else.
 */
export function parseListing(builder: ListedBuilder, text: string, file: string): ListedImage[] {
  const parsed = listings[builder].schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Failure(`this is no listing of ${builder}: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'invalid'}`, {
    ...{ kind: 'config', subject: file, code: 'BadListing', cause: parsed.error },
    hint: `Make it with \`${listings[builder].command}\`.`,
  })
}

function listed(id: string, name: string, tags: Record<string, string>, ...words: readonly string[]): ListedImage {
  return { name, copies: [{ id }], tags, usedBy: [], command: words.map(shellWord).join(' ') }
}

/** `https://www.googleapis.com/compute/v1/projects/shop-prod/global/images/name` is in shop-prod. */
function projectOf(selfLink: string): string {
  return /\/projects\/([^/]+)\//.exec(selfLink)?.[1] ?? ''
}

/** A tag that can have no value of its own is written as a name, a colon and a value. */
function pair(tag: string): [name: string, value: string] {
  const [name = '', ...value] = tag.split(':')
  return [name, value.join(':')]
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
