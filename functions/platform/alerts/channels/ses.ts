import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import type { Attempt, Delivery } from './attempt.ts'
import { awsClientSettings, sendOnce } from './aws.ts'

/** Sends mail through Amazon SES. */
export async function sendThroughSes(
  delivery: Delivery,
  { from, to, region }: { from: string; to: readonly string[]; region: string },
): Promise<Attempt> {
  const { title, text } = delivery.message
  const client = new SESv2Client(awsClientSettings(region, delivery.withinMs))
  const email = new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [...to] },
    Content: { Simple: { Subject: { Data: title, Charset: 'UTF-8' }, Body: { Text: { Data: text, Charset: 'UTF-8' } } } },
  })
  const refusedHint = `Verify ${from} in Amazon SES in ${region}, allow ses:SendEmail, and leave the SES sandbox where recipients are not verified.`
  return await sendOnce(delivery, client, refusedHint, (abortSignal) => client.send(email, { abortSignal }))
}
