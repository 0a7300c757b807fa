import type { Fault, FaultRule } from '../../support/s3-fault.ts'

/** Requests without end. */
export const always = Number.POSITIVE_INFINITY

/** An error answer. */
export const refuse = (status: number, code: string): Fault => ({ type: 'refuse', status, code })

/** A rule, in one line. */
export const rule = (operation: FaultRule['operation'], fault: Fault, rest: Partial<FaultRule> = {}): FaultRule => ({
  operation,
  fault,
  ...rest,
})

/** A failure that a store may answer with, although it reports success. */
export const errorBody = '<Error><Code>InternalError</Code><Message>We failed after all</Message></Error>'
