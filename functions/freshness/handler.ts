import { createHandler } from '../runtime/lambda/create-handler.ts'
import { scheduledFreshness } from './scheduled-freshness.ts'

/** The Lambda function `freshness`. */
export const handler = createHandler('freshness', scheduledFreshness)
