import type { EC2Client } from '@aws-sdk/client-ec2'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { Failure } from '../failure.ts'
import { s3Failure } from '../object-store/s3/errors.ts'

const connectWithinMs = 10_000
const answerWithinMs = 60_000

/**
 * Does one thing with EC2 in a region, and closes the client. The SDK makes each request three times at most.
 *
 * @param doing what is tried, as in "Listing the images".
 * @throws Failure that names the region.
 */
export async function withEc2<T>(region: string, doing: string, work: (client: EC2Client) => Promise<T>): Promise<T> {
  // The SDK is large: only who asks EC2 loads it.
  const { EC2Client } = await import('@aws-sdk/client-ec2')
  const requestHandler = new NodeHttpHandler({ connectionTimeout: connectWithinMs, socketTimeout: answerWithinMs })
  const client = new EC2Client({ region, requestHandler })
  try {
    return await work(client)
  } catch (thrown) {
    throw ec2Failure(thrown, doing, `EC2 in ${region}`)
  } finally {
    client.destroy()
  }
}

function ec2Failure(thrown: unknown, doing: string, subject: string): Failure {
  const { name = '', message = '' } = thrown as { name?: string; message?: string }
  if (name !== 'UnauthorizedOperation' && name !== 'AuthFailure') return s3Failure(thrown, doing, subject)
  return new Failure(`${doing} was refused: ${name} (${message.split('\n', 1)[0]?.slice(0, 300)})`, {
    ...{ kind: 'permanent', subject, code: name, cause: thrown },
    hint: 'Compare the permissions of the credentials with the policy in docs/image-releases.md.',
  })
}
