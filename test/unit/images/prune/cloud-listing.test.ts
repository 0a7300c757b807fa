import { describe, expect, test } from 'vitest'
import { isListed, type ListedBuilder, listingCommand, parseListing } from '../../../../functions/images/prune/cloud-listing.ts'
import { copiesOf } from '../../../../functions/images/publish/cloud-image.ts'

const name = 'ballast-shop-primary-20261126-220000'
const tags = { 'ballast-cluster': 'shop', 'ballast-role': 'primary', 'ballast-date': '20261126-220000' }
const azureId = `/subscriptions/0-1/resourceGroups/shop-images/providers/Microsoft.Compute/images/${name}`

/** What each command line prints, cut to some of its fields; the artifact is what Packer calls the same image. */
const clouds: readonly { builder: ListedBuilder; printed: object[]; artifact: string; command: string }[] = [
  {
    builder: 'googlecompute',
    printed: [
      {
        ...{ id: '4520031799277581759', kind: 'compute#image', creationTimestamp: '2026-11-26T14:00:00.000-08:00', name },
        ...{ family: 'ballast-shop-primary', labels: tags, status: 'READY' },
        selfLink: `https://www.googleapis.com/compute/v1/projects/shop-prod/global/images/${name}`,
      },
    ],
    artifact: name,
    command: `gcloud compute images delete ${name} --project=shop-prod`,
  },
  {
    builder: 'azure-arm',
    printed: [
      { id: azureId, location: 'brazilsouth', name, resourceGroup: 'shop-images', tags, type: 'Microsoft.Compute/images' },
    ],
    artifact: azureId,
    command: `az image delete --ids ${azureId}`,
  },
  {
    builder: 'digitalocean',
    printed: [
      {
        ...{ id: '176421347', name, resource_id: '456', resource_type: 'droplet', regions: ['nyc3'], min_disk_size: 25 },
        ...{ size_gigabytes: 2.1, created_at: '2026-11-26T22:10:00Z' },
        tags: Object.entries(tags).map(([key, value]) => `${key}:${value}`),
      },
    ],
    artifact: 'nyc3:176421347',
    command: 'doctl compute snapshot delete 176421347',
  },
  {
    builder: 'hcloud',
    printed: [
      {
        ...{ id: 268435, type: 'snapshot', status: 'available', name: null, description: name, disk_size: 40 },
        ...{ created: '2026-11-26T22:10:00Z', labels: tags },
      },
    ],
    artifact: '268435',
    command: 'hcloud image delete 268435',
  },
]

describe.each(clouds)('$builder', ({ builder, printed, artifact, command }) => {
  test('its listing gives each image with its tags, and what removes it', () => {
    const copies = copiesOf(builder, artifact)
    expect(parseListing(builder, JSON.stringify(printed), 'file')).toEqual([{ name, copies, tags, usedBy: [], command }])
  })

  test('an image without tags has none', () => {
    const bare = printed.map(({ tags: _tags, labels: _labels, ...rest }: { tags?: unknown; labels?: unknown }) => rest)
    expect(parseListing(builder, JSON.stringify(bare), 'file')).toMatchObject([{ tags: {} }])
    const nothing = printed.map((image) => ({ ...image, tags: null, labels: null }))
    expect(parseListing(builder, JSON.stringify(nothing), 'file')).toMatchObject([{ tags: {} }])
  })

  test('anything else is refused, with the command that makes a listing', () => {
    for (const text of ['', '{}', '[{}]', 'NAME  PROJECT']) {
      const parse = () => parseListing(builder, text, 'images.json')
      const hint = `Make it with \`${listingCommand(builder)}\`.`
      expect(parse).toThrow(expect.objectContaining({ kind: 'config', code: 'BadListing', subject: 'images.json', hint }))
    }
  })
})

test('a value with a colon is whole, and one that a shell would read is quoted', () => {
  const image = { id: "1'; rm -rf /", name, tags: ['ballast-base:debian:13'] }
  expect(parseListing('digitalocean', JSON.stringify([image]), 'file')).toMatchObject([
    { tags: { 'ballast-base': 'debian:13' }, command: `doctl compute snapshot delete '1'\\''; rm -rf /'` },
  ])
})

test('the other builders need no listing', () => {
  expect([isListed('qemu'), isListed('amazon-ebs'), isListed('hcloud')]).toEqual([false, false, true])
  expect([listingCommand('qemu'), listingCommand('amazon-ebs')]).toEqual([undefined, undefined])
})
