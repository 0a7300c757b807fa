import { createHandler } from '../runtime/lambda/create-handler.ts'
import { scheduledBackup } from './scheduled-backup.ts'

/** The Lambda function `backup`. */
export const handler = createHandler('backup', scheduledBackup)
