import type { TreeEntry } from '../tree/walk-tree.ts'
import { highEntropyWord } from './high-entropy.ts'
import type { SealCheck } from './seal-check.ts'

/** Where people and bakes put what is theirs; what packages bring lies elsewhere. */
const ownPlaces = /^\/(boot|etc|home|opt|root|srv|usr\/local|var\/(lib(?!\/(dpkg|ucf)\/)|spool|www))\//

/** A key with its content: programs hold the lines around it alone. */
const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s+(?:[A-Za-z-]+:[^\n]*\s+)*[A-Za-z0-9+/=\s]{64}/

/** Ways in which those who issue tokens mark them, so that they are recognised. */
const tokens: readonly (readonly [string, RegExp])[] = [
  ['an access key of AWS', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ['a secret key of AWS', /aws_secret_access_key\s*[=:]\s*['"]?[A-Za-z0-9/+]{40}\b/i],
  ['a token of GitHub', /\b(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/],
  ['a token of GitLab', /\bglpat-[\w-]{20,}/],
  ['a token of Slack', /\bxox[abeprs]-[\w-]{10,}/],
  ['a webhook of Slack', /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/],
  ['a key of Stripe', /\b[rs]k_live_[A-Za-z0-9]{20,}/],
  ['a key of Google', /\bAIza[\w-]{35}\b/],
  ['a token of DigitalOcean', /\bdo[opr]_v1_[0-9a-f]{64}\b/],
  ['a key of Azure', /\bAccountKey=[A-Za-z0-9+/=]{40,}/],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a token of PyPI', /\bpypi-[\w-]{50,}/],
  ['a key of SendGrid', /\bSG\.[\w-]{22}\.[\w-]{43}\b/],
  ['a key of age', /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/],
  ['a signed web token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/],
]

const verifiers: readonly (readonly [string, RegExp])[] = [
  ["PostgreSQL's verifier of a password", /SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:/],
  ["PostgreSQL's old hash of a password", /["'\s]md5[0-9a-f]{32}["'\s]/],
  ['a hash of a password', /(?:^|[:\s"'=])\$(?:1|2[aby]|5|6|7|y|gy|argon2id?)\$[./A-Za-z0-9$=,]{20,}/m],
]

const passwords: readonly (readonly [string, RegExp])[] = [
  ['a URL with a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"<>${}]+:[^\s:/@'"<>${}]+@[\w.[\]-]+/],
  ['a password in a connection string', /\b(?:host|user|dbname)=\S+(?:\s+\w+=\S+)*\s+password=['"]?[^\s'"$]+/],
]

/** Secrets by what they look like, wherever they are. */
export const secretChecks: readonly SealCheck[] = [
  {
    name: 'private-keys',
    fix: 'Remove the key: the first boot makes one, or is handed one.',
    binaries: true,
    concerns: ({ kind, bytes }) => kind === 'file' && bytes > 0,
    content: (part) =>
      part.includes('PRIVATE KEY-----') && privateKey.test(part.toString('latin1')) ? 'holds a private key' : undefined,
  },
  looksLike('tokens', tokens, 'Remove it, and have its issuer revoke it.'),
  looksLike('password-verifiers', verifiers, 'Remove it: verifiers come to a machine at its first boot.'),
  looksLike('connection-passwords', passwords, 'Remove it, and change the password.'),
  {
    name: 'high-entropy',
    fix: 'Remove it if it is a secret; if it is none, give it a name that says so (digest, checksum, fingerprint, commit).',
    concerns: isOwn,
    content: (part) => {
      const word = highEntropyWord(part.toString('latin1'))
      return word === undefined ? undefined : `holds ${word.length} characters that look random ('${word.slice(0, 6)}...')`
    },
  },
]

function looksLike(name: string, kinds: readonly (readonly [string, RegExp])[], fix: string): SealCheck {
  const look = (text: string) => kinds.find(([, pattern]) => pattern.test(text))?.[0]
  const found = (what: string | undefined) => (what === undefined ? undefined : `holds ${what}`)
  return { name, fix, concerns: isOwn, content: (part) => found(look(part.toString('latin1'))) }
}

function isOwn({ kind, path, bytes }: TreeEntry): boolean {
  return kind === 'file' && bytes > 0 && ownPlaces.test(path)
}
