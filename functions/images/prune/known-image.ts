import type { ImageBuilder, ImageRole } from '../image-facts.ts'
import type { ImageCopy } from '../release.ts'

/**
 * How far an image has come. `released`: published with passing tests. `unreleased`: made, and not published. `interrupted`: a
 * publish that did not end. `unreadable`: its release is there, and is none that this version reads.
 */
export type ImageState = 'released' | 'unreleased' | 'interrupted' | 'unreadable'

/** An image of one name, with every copy of it. */
export interface KnownImage {
  builder: ImageBuilder
  name: string
  /** Undefined where neither tags nor a release say it. */
  cluster: string | undefined
  role: ImageRole | undefined
  /** Of an interrupted publish: when it last stored something. Milliseconds since the epoch; undefined where unknown. */
  createdMs: number | undefined
  state: ImageState
  /** Empty where only the release is left. */
  copies: readonly ImageCopy[]
  /** Who uses it, for people: `instance i-0abc in us-east-1`. */
  usedBy: readonly string[]
  /** The image in the store whose tests vouch for this one. */
  testedAs?: string
}
