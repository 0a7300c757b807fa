import { Failure } from '../platform/failure.ts'
import { type SetAddress, setPrefix } from './keys.ts'

/** The Failure of a stored file whose content is not what was stored. */
export function damagedFile(address: SetAddress, file: string, cause?: unknown): Failure {
  return new Failure(`${file} of set ${address.set} is damaged: its content is not what the backup stored`, {
    kind: 'permanent',
    subject: setPrefix(address) + file,
    hint: 'Restore from another copy of this set, or from another set; keep this one for analysis.',
    code: 'DAMAGED',
    cause,
  })
}
