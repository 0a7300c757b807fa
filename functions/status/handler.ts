import { createHandler } from '../runtime/lambda/create-handler.ts'
import { scheduledStatus } from './scheduled-status.ts'

/** The Lambda function `status`. */
export const handler = createHandler('status', scheduledStatus)
