import { createHandler } from '../runtime/lambda/create-handler.ts'
import { scheduledReplication } from './scheduled-replication.ts'

/** The Lambda function `replication`. */
export const handler = createHandler('replication', scheduledReplication)
