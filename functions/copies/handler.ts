import { createHandler } from '../runtime/lambda/create-handler.ts'
import { scheduledCopies } from './scheduled-copies.ts'

/** The Lambda function `copies`. */
export const handler = createHandler('copies', scheduledCopies)
