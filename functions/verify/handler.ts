import { createHandler } from '../runtime/lambda/create-handler.ts'
import { scheduledVerify } from './scheduled-verify.ts'

/** The Lambda function `verify`. */
export const handler = createHandler('verify', scheduledVerify)
