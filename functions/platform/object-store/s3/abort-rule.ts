import { GetBucketLifecycleConfigurationCommand, type LifecycleRule } from '@aws-sdk/client-s3'
import { Failure } from '../../failure.ts'
import { bucketKey, request, type S3Connection } from './connection.ts'

/** Days after which the bucket drops unfinished uploads under our prefix; undefined when no rule does. */
export async function abortRuleDays(connection: S3Connection, signal?: AbortSignal): Promise<number | undefined> {
  const { bucket } = connection.settings
  const purpose = { doing: 'Reading the lifecycle rules', subject: `s3://${bucket}`, signal }
  try {
    const answer = await request(connection, purpose, (_, options) =>
      connection.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }), options),
    )
    return smallestDays(answer.Rules ?? [], bucketKey(connection, ''))
  } catch (error) {
    if (error instanceof Failure && error.code === 'NoSuchLifecycleConfiguration') return undefined
    throw error
  }
}

/** Pure part: the earliest of the rules that are on and cover the prefix. */
export function smallestDays(rules: readonly LifecycleRule[], prefix: string): number | undefined {
  const days = rules
    .filter((rule) => rule.Status === 'Enabled' && covers(rule, prefix))
    .flatMap((rule) => rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? [])
  return days.length === 0 ? undefined : Math.min(...days)
}

/** A rule with tags or sizes does not speak of uploads, which have neither yet. */
function covers(rule: LifecycleRule, prefix: string): boolean {
  const { Filter: filter } = rule
  if (filter?.Tag !== undefined || filter?.And !== undefined) return false
  return prefix.startsWith(filter?.Prefix ?? '')
}
