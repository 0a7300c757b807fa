import type { Cluster } from '../../../config/cluster.ts'
import { imageUses } from '../../platform/ec2/image-uses.ts'
import { type MachineImage, machineImages } from '../../platform/ec2/machine-images.ts'
import type { StoredImage } from '../published-images.ts'
import type { FoundImage } from './found-image.ts'

/** An image in EC2, with what deregistering each copy of it takes. */
export interface AmazonImage extends FoundImage {
  machineImages: readonly MachineImage[]
}

/** Where the cluster's images may be: where the definition bakes and copies them, and where a release says that one is. */
export function amazonRegions({ region, images }: Cluster, stored: readonly StoredImage[]): string[] {
  const amazon = images.builders['amazon-ebs']
  const defined = amazon === undefined ? [] : [amazon.region ?? region, ...amazon.copyTo.map((copy) => copy.region)]
  const released = stored.flatMap(({ builder, release }) =>
    builder === 'amazon-ebs' && typeof release !== 'string' && release.image.type === 'cloud' ? release.image.copies : [],
  )
  return [...new Set([...defined, ...released.flatMap((copy) => copy.region ?? [])])].toSorted()
}

/** The cluster's images in all of the regions, the copies of each together, with the machines and templates that use them. */
export async function amazonImages(cluster: string, regions: readonly string[], signal: AbortSignal): Promise<AmazonImage[]> {
  const copies: MachineImage[] = []
  const users = new Map<string, string[]>()
  for (const region of regions) {
    copies.push(...(await machineImages(region, { key: 'ballast-cluster', value: cluster }, signal)))
    for (const { imageId, by } of await imageUses(region, signal)) users.set(imageId, [...(users.get(imageId) ?? []), by])
  }
  return [...Map.groupBy(copies, ({ name }) => name)].map(([name, own]) => ({
    name,
    copies: own.map(({ id, region }) => ({ id, region })),
    tags: own[0]?.tags ?? {},
    usedBy: own.flatMap(({ id }) => users.get(id) ?? []),
    machineImages: own,
  }))
}
