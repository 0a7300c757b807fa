/** Certificates and public keys are random to look at, and public. */
const publicBlocks =
  /-----BEGIN ([A-Z ]*(?:CERTIFICATE|PUBLIC KEY|PUBLIC KEY BLOCK|PARAMETERS|CRL))-----[\s\S]*?-----END \1-----/g
const publicSshKeys = /\b(?:ssh-\w+|ecdsa-sha2-\w+|sk-ssh-\S+) AAAA[A-Za-z0-9+/=]+/g
/** Names that say of the value after them that it is a fingerprint. */
const fingerprints =
  /\b[\w.-]*(?:sha(?:1|224|256|384|512)|md5|digest|checksum|integrity|fingerprint|commit)["']?\s*[-=:]+\s*["']?[A-Za-z0-9+/=]+/gi

const words = /[A-Za-z0-9+/_-]{24,}(?![A-Za-z0-9+/_-])={0,2}(?!\.[a-z]{2,4}\b)/g
/** Names of files and settings have separators more often than a key has. */
const unbroken = /[A-Za-z0-9+]{12}/
const leastHexBits = 2.9
const leastBits = 4.1
const leastHexLength = 32

/** The first word of a text that looks like a key: as random as hex or base64 of random bytes is. */
export function highEntropyWord(text: string): string | undefined {
  const rest = text.replace(publicBlocks, '').replace(publicSshKeys, '').replace(fingerprints, '')
  return rest.match(words)?.find(looksRandom)
}

function looksRandom(word: string): boolean {
  if (!unbroken.test(word)) return false
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(word)) {
    return word.length >= leastHexLength && /[a-f]/i.test(word) && /\d/.test(word) && entropyBits(word) >= leastHexBits
  }
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) && entropyBits(word) >= leastBits
}

/** Shannon entropy of a word's characters, in bits for each. */
export function entropyBits(word: string): number {
  const counts = new Map<string, number>()
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1)
  const shares = [...counts.values()].map((count) => count / word.length)
  return -shares.reduce((bits, share) => bits + share * Math.log2(share), 0)
}
