import { createStepHandler } from '../../runtime/lambda/step-handler.ts'
import { runStep, stepInput } from './steps.ts'

/** The Lambda function `fan-out`: the steps of a backup that is too long for one function. */
export const handler = createStepHandler('backup', stepInput, runStep)
