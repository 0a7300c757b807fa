import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

/** PostgreSQL's own number of rounds (`scram_iterations`), and the bytes of its salts. */
const ROUNDS = 4096
export const SALT_BYTES = 16

/** What PostgreSQL prepares before it derives a key (SASLprep) is left as it is in this much of Unicode. */
const PLAIN = /^[\x20-\x7E]+$/

/** Whether a verifier of the password can be made here: of others, only PostgreSQL itself knows what it makes. */
export function canVerify(password: string): boolean {
  return PLAIN.test(password)
}

/**
 * What PostgreSQL stores of a password (`pg_authid.rolpassword`), so that the password itself never reaches the server:
 * RFC 5802 and 7677, in the form of src/common/scram-common.c.
 *
 * @param salt 16 random bytes.
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, ROUNDS, 32, 'sha256')
  const key = (name: string): Buffer => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(key('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`
}
