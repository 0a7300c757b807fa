import type { Problem } from '../problems.ts'
import type { ParsedCluster } from '../schema/cluster.ts'
import { type Rule, when } from './rule.ts'

type Images = ParsedCluster['images']

/** How the name of a base image says that it is one. */
const NAMED: Readonly<Record<Images['base'], RegExp>> = {
  'debian-13': /debian[- ]?13/i,
  'ubuntu-24.04': /ubuntu[- ]?24[-_.]?04/i,
}

const ANY_DISTRIBUTION = /alma|centos|debian|fedora|rocky|suse|ubuntu/i

/** The base images that have a name, which may or may not say of which distribution they are. */
function baseNames({ builders }: Images): { path: string; name: string }[] {
  const { googlecompute, digitalocean, hcloud } = builders
  const azure = builders['azure-arm']?.image
  return [
    { path: 'images.builders.googlecompute.sourceImage', name: googlecompute?.sourceImage },
    { path: "images.builders['azure-arm'].image", name: azure && `${azure.publisher} ${azure.offer} ${azure.sku}` },
    { path: 'images.builders.digitalocean.image', name: digitalocean?.image },
    { path: 'images.builders.hcloud.image', name: hcloud?.image },
  ].flatMap(({ path, name }) => (name === undefined ? [] : [{ path, name }]))
}

const sameBase: Rule = {
  needs: ['images'],
  check: ({ images }) =>
    baseNames(images).flatMap(({ path, name }): Problem[] =>
      when(
        ANY_DISTRIBUTION.test(name) && !NAMED[images.base].test(name),
        path,
        `'${name}' is not ${images.base}`,
        'name one that is, or change images.base',
      ),
    ),
}

/** Google's limit; what is added to prefix and name is the longest role, the time and three dashes. */
const LONGEST_NAME = 63
const ADDED = '--replica-20261126-220000'.length

const nameFits: Rule = {
  needs: ['images.prefix', 'images.builders.googlecompute', 'name'],
  check: ({ images: { prefix, builders }, name }) =>
    when(
      builders.googlecompute !== undefined && prefix.length + name.length + ADDED > LONGEST_NAME,
      'images.prefix',
      `and the cluster's name make image names of more than the ${LONGEST_NAME} characters that Google takes`,
      `shorten them to ${LONGEST_NAME - ADDED} characters together`,
    ),
}

export const baseImageRules: readonly Rule[] = [sameBase, nameFits]
