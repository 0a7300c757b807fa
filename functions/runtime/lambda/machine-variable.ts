/** The variable of a function that has the ARN of the state machine for what is too long for it. */
export const machineVariables = { backup: 'BALLAST_FAN_OUT_MACHINE', verify: 'BALLAST_FAN_VERIFY_MACHINE' } as const
