import {
  CopyImageCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'

/** A client of a region in moto, which is found by the environment. */
function ec2(region: string): EC2Client {
  return new EC2Client({ region })
}

/** The tags that the template gives a primary's image of a day, unless others are given. */
export function imageTags(stamp: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { 'ballast-cluster': 'shop', 'ballast-role': 'primary', 'ballast-date': stamp, ...more }
}

/** Makes an AMI as a bake does: from an instance that ends; returns its id. */
export async function makeImage(region: string, name: string, tags: Readonly<Record<string, string>>): Promise<string> {
  const client = ec2(region)
  const instance = await startInstance(region, 'ami-0abcdef1234567890')
  const { ImageId = '' } = await client.send(new CreateImageCommand({ InstanceId: instance, Name: name }))
  if (Object.keys(tags).length > 0) await tag(client, ImageId, tags)
  await endInstance(region, instance)
  return ImageId
}

/** Copies an AMI into another region, and tags the copy as Packer does; returns its id. */
export async function copyImage(
  from: string,
  id: string,
  to: string,
  name: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const client = ec2(to)
  const { ImageId = '' } = await client.send(new CopyImageCommand({ SourceImageId: id, SourceRegion: from, Name: name }))
  await tag(client, ImageId, tags)
  return ImageId
}

async function tag(client: EC2Client, id: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  await client.send(new CreateTagsCommand({ Resources: [id], Tags }))
}

/** Starts an instance from an AMI; returns its id. */
export async function startInstance(region: string, image: string): Promise<string> {
  const { Instances } = await ec2(region).send(new RunInstancesCommand({ ImageId: image, MinCount: 1, MaxCount: 1 }))
  return Instances?.[0]?.InstanceId ?? ''
}

export async function stopInstance(region: string, instance: string): Promise<void> {
  await ec2(region).send(new StopInstancesCommand({ InstanceIds: [instance] }))
}

export async function endInstance(region: string, instance: string): Promise<void> {
  await ec2(region).send(new TerminateInstancesCommand({ InstanceIds: [instance] }))
}

/** Makes a launch template with one version for each of the AMIs. */
export async function makeTemplate(region: string, name: string, images: readonly [string, ...string[]]): Promise<void> {
  const client = ec2(region)
  const [first, ...others] = images
  await client.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: { ImageId: first } }))
  for (const ImageId of others) {
    await client.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName: name, LaunchTemplateData: { ImageId } }))
  }
}

/** What is in a region: the account's AMIs by name, each with the snapshots of its disks, and every snapshot there. */
export async function imagesIn(region: string): Promise<{ images: Record<string, string[]>; snapshots: string[] }> {
  const client = ec2(region)
  const { Images = [] } = await client.send(new DescribeImagesCommand({ Owners: ['self'] }))
  const { Snapshots = [] } = await client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))
  const images = Images.map(({ Name = '', BlockDeviceMappings = [] }) => {
    return [Name, BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? [])] as const
  })
  return {
    images: Object.fromEntries(images),
    snapshots: Snapshots.map(({ SnapshotId = '' }) => SnapshotId).toSorted(),
  }
}
