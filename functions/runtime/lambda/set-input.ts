import { z } from 'zod'
import { parseSetName } from '../../archive/set-name.ts'

/** The fields of an event that name the set which a state machine works on. */
export const setInput = {
  database: z.string().min(1),
  set: z.string().refine((name) => parseSetName(name) !== undefined, 'is no name of a set'),
}
