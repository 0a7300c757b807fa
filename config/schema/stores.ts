import { z } from 'zod'
import { refuse } from '../verdict.ts'
import { leaf, optional, preset, text } from './leaf.ts'
import { seconds } from './quantity.ts'
import { secretRef } from './secret-fields.ts'
import { list, oneOf, section, typeTag, variant } from './section.ts'
import { absolutePath, region, slug, url, word } from './texts.ts'

const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
] as const

const encryption = variant(
  ['sse-s3', 'sse-kms'],
  section({ type: typeTag('sse-s3') }),
  section({
    type: typeTag('sse-kms'),
    /** Key ARN, id or alias; the account's default key where it is left out. */
    keyId: optional(word('alias/ballast')),
  }),
)

const objectLock = section({
  /** `governance` can be lifted by a privileged user, `compliance` by nobody. */
  mode: oneOf('governance', 'compliance'),
  retain: seconds('30 days', { min: '1 day' }),
})

const transition = section({
  after: seconds('30 days', { min: '1 day' }),
  /** GLACIER and DEEP_ARCHIVE cannot be read before they are thawed, which takes hours: `ballast thaw`. */
  storageClass: oneOf(...STORAGE_CLASSES),
})

const credentials = section({
  /** A profile of the shared AWS configuration. */
  profile: optional(word('backup')),
  /** Or a key pair. The AWS chain (role, environment) serves where all are left out. */
  accessKeyId: optional(secretRef()),
  secretAccessKey: optional(secretRef()),
})

const ageRecipients = preset(
  list(
    text({
      example: 'age1...',
      is: "an age recipient, 'age1' and 58 characters",
      matches: (raw) => /^age1[02-9ac-hj-np-z]{58}$/.test(raw),
    }),
  ),
  [],
)

const s3Store = section({
  type: typeTag('s3'),
  name: slug('main'),
  bucket: text({
    example: 'shop-backups',
    is: 'a bucket name of 3 to 63 small letters, digits, dots and dashes',
    matches: (raw) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(raw),
  }),
  /** Under which keys; no slash at either end. */
  prefix: preset(
    text({
      example: 'ballast',
      is: 'a key prefix without a slash at either end',
      matches: (raw) => raw === '' || /^[\w.=-]+(\/[\w.=-]+)*$/.test(raw),
    }),
    '',
  ),
  /** The cluster's region where it is left out. */
  region: optional(region()),
  /** For stores that are not Amazon's. */
  endpoint: optional(url('https://nyc3.digitaloceanspaces.com', 'https', 'http')),
  /** How this store differs from Amazon's; guessed from the endpoint where it is left out. */
  provider: optional(oneOf('amazon', 'digitalocean', 'r2', 'hetzner', 'minio', 'versitygw', 'generic')),
  encryption: optional(encryption),
  /** The class that new sets are stored in: one that can be read at once, because new sets are verified and compared. */
  storageClass: preset(oneOf(...STORAGE_CLASSES), 'STANDARD'),
  /**
   * Cheaper classes for the contents of older sets, oldest last. Contents carry the tag `ballast=content`, and the bucket's
   * lifecycle rules must move only those: a manifest or evidence in an archive class cannot be listed any more.
   */
  transitions: preset(list(transition), []),
  objectLock: optional(objectLock),
  /** Client-side encryption: only the owners of these age keys can read a set. */
  ageRecipients,
  credentials: preset(credentials, {}),
  /** S3's own replication to another store of the definition. */
  replicateTo: optional(slug('second-region')),
})

/** A key that a file store cannot have, with a better answer than "unknown key". */
function onlyS3(what: string, fix: string): z.ZodOptional<z.ZodType<never, never>> {
  return z.optional(leaf<never, never>('', () => refuse(`${what} needs a store of type s3`, fix)))
}

const fileStore = section({
  type: typeTag('file'),
  name: slug('nas'),
  /** An existing directory, such as a mounted NAS. */
  directory: absolutePath('/mnt/nas/ballast'),
  ageRecipients,
  encryption: onlyS3('server-side encryption', 'remove it, or use ageRecipients'),
  objectLock: onlyS3('object lock', 'remove it'),
})

/** Where sets are kept. */
export const store = variant(['s3', 'file'], s3Store, fileStore)
