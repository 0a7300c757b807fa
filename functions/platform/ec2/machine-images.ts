import type { Image } from '@aws-sdk/client-ec2'
import { throwIfAborted } from '../abort.ts'
import { Failure, toFailure } from '../failure.ts'
import { withEc2 } from './with-ec2.ts'

/** An AMI of this account, in one region. */
export interface MachineImage {
  id: string
  region: string
  name: string
  /** Of its disks: they cost money, and outlive the AMI. */
  snapshots: readonly string[]
  tags: Readonly<Record<string, string>>
}

const pageSize = 200

/** The AMIs that this account owns in a region and that carry the tag with this value. */
export async function machineImages(
  region: string,
  tag: { key: string; value: string },
  signal?: AbortSignal,
): Promise<MachineImage[]> {
  return await withEc2(region, 'Listing the images', async (client) => {
    const { paginateDescribeImages } = await import('@aws-sdk/client-ec2')
    const query = { Owners: ['self'], Filters: [{ Name: `tag:${tag.key}`, Values: [tag.value] }], IncludeDisabled: true }
    const found: MachineImage[] = []
    for await (const { Images = [] } of paginateDescribeImages({ client, pageSize }, query)) {
      throwIfAborted(signal, region)
      found.push(...Images.flatMap((image) => machineImage(image, region)))
    }
    return found
  })
}

function machineImage({ ImageId, Name, BlockDeviceMappings, Tags }: Image, region: string): MachineImage[] {
  if (ImageId === undefined || Name === undefined) return []
  const snapshots = (BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? [])
  const tags = Object.fromEntries((Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  return [{ id: ImageId, region, name: Name, snapshots, tags }]
}

/**
 * Deregisters an AMI, then deletes the snapshots of its disks. Machines that run go on; none can be started from it any more.
 * What is gone already counts as done.
 *
 * @throws Failure; where snapshots stayed, it names all of them.
 */
export async function deregisterImage({ id, region, snapshots }: MachineImage): Promise<void> {
  await withEc2(region, `Deregistering ${id}`, async (client) => {
    const { DeleteSnapshotCommand, DeregisterImageCommand } = await import('@aws-sdk/client-ec2')
    await client.send(new DeregisterImageCommand({ ImageId: id })).catch(unlessGone)
    const left: { snapshot: string; cause: unknown }[] = []
    for (const snapshot of snapshots) {
      const deletion = client.send(new DeleteSnapshotCommand({ SnapshotId: snapshot })).catch(unlessGone)
      await deletion.catch((cause: unknown) => left.push({ snapshot, cause }))
    }
    const [first] = left
    if (first !== undefined)
      throw snapshotsLeft(
        id,
        region,
        left.map(({ snapshot }) => snapshot),
        first.cause,
      )
  })
}

/** Another run may be removing the same image. */
function unlessGone(thrown: unknown): void {
  const { name = '' } = thrown as { name?: string }
  if (!/^Invalid(AMIID|Snapshot)\.(NotFound|Unavailable)$/.test(name)) throw thrown
}

function snapshotsLeft(image: string, region: string, snapshots: readonly string[], cause: unknown): Failure {
  const names = snapshots.join(' ')
  const { message, code } = toFailure(cause, names)
  return new Failure(`${image} is deregistered, and snapshots of it stayed: ${message}`, {
    ...{ kind: 'permanent', subject: names, cause, ...(code === undefined ? {} : { code }) },
    hint: `No later run finds them: for each do \`aws ec2 delete-snapshot --region ${region} --snapshot-id ...\`.`,
  })
}
