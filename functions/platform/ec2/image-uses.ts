import type { EC2Client } from '@aws-sdk/client-ec2'
import { throwIfAborted } from '../abort.ts'
import { withEc2 } from './with-ec2.ts'

/** Something of this account that was made from an AMI, or will be. */
export interface ImageUse {
  imageId: string
  /** For people: `instance i-0abc in us-east-1`. */
  by: string
}

const pageSize = 200
/** All but `terminated`: a stopped machine may have to be made anew. */
const states = ['pending', 'running', 'shutting-down', 'stopping', 'stopped']

/** Every instance that is not terminated, and every version of every launch template, with the AMI it names. */
export async function imageUses(region: string, signal?: AbortSignal): Promise<ImageUse[]> {
  return await withEc2(region, 'Looking for what uses images', async (client) => [
    ...(await instances(client, region, signal)),
    ...(await launchTemplates(client, region, signal)),
  ])
}

async function instances(client: EC2Client, region: string, signal: AbortSignal | undefined): Promise<ImageUse[]> {
  const { paginateDescribeInstances } = await import('@aws-sdk/client-ec2')
  const query = { Filters: [{ Name: 'instance-state-name', Values: states }] }
  const uses: ImageUse[] = []
  for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize }, query)) {
    throwIfAborted(signal, region)
    for (const { ImageId, InstanceId } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (ImageId !== undefined) uses.push({ imageId: ImageId, by: `instance ${InstanceId} in ${region}` })
    }
  }
  return uses
}

/** A group may start machines from any version, not just from the newest. */
async function launchTemplates(client: EC2Client, region: string, signal: AbortSignal | undefined): Promise<ImageUse[]> {
  const { paginateDescribeLaunchTemplates, paginateDescribeLaunchTemplateVersions } = await import('@aws-sdk/client-ec2')
  const uses: ImageUse[] = []
  for await (const { LaunchTemplates = [] } of paginateDescribeLaunchTemplates({ client, pageSize }, {})) {
    for (const { LaunchTemplateId, LaunchTemplateName } of LaunchTemplates) {
      throwIfAborted(signal, region)
      // An alias is a parameter of Systems Manager in place of the AMI: what it stands for is what counts.
      const query = { LaunchTemplateId, ResolveAlias: true }
      for await (const page of paginateDescribeLaunchTemplateVersions({ client, pageSize }, query)) {
        for (const { LaunchTemplateData, VersionNumber } of page.LaunchTemplateVersions ?? []) {
          const imageId = LaunchTemplateData?.ImageId
          const by = `launch template ${LaunchTemplateName} version ${VersionNumber} in ${region}`
          if (imageId !== undefined) uses.push({ imageId, by })
        }
      }
    }
  }
  return uses
}
