import { createHandler } from '../runtime/lambda/create-handler.ts'
import { scheduledRetention } from './scheduled-retention.ts'

/** The Lambda function `retention`. */
export const handler = createHandler('retention', scheduledRetention)
