import { z } from 'zod'

const price = z.number().nonnegative()

/** What Amazon charges, in US dollars, without taxes, free tiers and discounts. */
export const priceTable = z.strictObject({
  region: z.string(),
  /** Of when the prices are, as people read it. */
  asOf: z.string(),
  s3: z.strictObject({
    /** PUT, POST and LIST, and each part of an upload. */
    thousandWrites: price,
    /** GET and HEAD. */
    thousandReads: price,
    gigabyteMonth: price,
  }),
  lambda: z.strictObject({ gigabyteSecond: price, millionCalls: price }),
  stepFunctions: z.strictObject({ thousandTransitions: price }),
})

export type PriceTable = z.infer<typeof priceTable>

/** List prices of S3 Standard, Lambda on arm64, and Standard workflows; written down here, never looked up. */
export const listPrices: PriceTable = {
  region: 'us-east-1',
  asOf: 'June 2025',
  s3: { thousandWrites: 0.005, thousandReads: 0.0004, gigabyteMonth: 0.023 },
  lambda: { gigabyteSecond: 0.0000133334, millionCalls: 0.2 },
  stepFunctions: { thousandTransitions: 0.025 },
}
