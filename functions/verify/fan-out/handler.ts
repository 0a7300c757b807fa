import { createStepHandler } from '../../runtime/lambda/step-handler.ts'
import { runStep, stepInput } from './steps.ts'

/** The Lambda function `fan-restore`: the steps of a restore, or of a verification, that is too long for one function. */
export const handler = createStepHandler('verify', stepInput, runStep)
