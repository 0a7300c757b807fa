/** The variable of the function `backup` that has the ARN of the state machine for what is too long for it. */
export const machineVariable = 'BALLAST_FAN_OUT_MACHINE'
