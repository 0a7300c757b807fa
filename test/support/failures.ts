import { Failure } from '../../functions/platform/failure.ts'

/** The Failure that some work must end in; anything else, success included, is an error of the test. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
    throw new Error('The work ended in an error that is no Failure', { cause: thrown })
  }
  throw new Error('The work succeeded, but should have failed')
}
