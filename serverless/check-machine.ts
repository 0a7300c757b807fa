import validate from 'asl-validator'
import { deployedDefinition } from './state-machine/known-when-deployed.ts'
import type { Asl } from './state-machine/tasks.ts'

/** Of any account. */
const values = {
  Steps: 'arn:aws:lambda:sa-east-1:123456789012:function:steps',
  Removal: 'arn:aws:lambda:sa-east-1:123456789012:function:removal',
  Invoke: 'arn:aws:states:::lambda:invoke',
  GetObject: 'arn:aws:states:::s3:getObject',
}

/** Refuses a definition that Step Functions would refuse: before anything is packaged, and not when it is deployed. */
export function checkMachine(definition: Asl): void {
  const { isValid, errorsText } = validate(JSON.parse(deployedDefinition(JSON.stringify(definition), values)))
  if (!isValid) throw new Error(`the state machine is not valid: ${errorsText('; ')}`)
}
