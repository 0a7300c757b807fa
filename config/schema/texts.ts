import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import type { z } from 'zod'
import { isTimeZone } from '../time-zone.ts'
import { refuse } from '../verdict.ts'
import { leaf, text } from './leaf.ts'

/** A name for object keys, unit files and image names: small letters, digits and dashes. */
export function slug(example: string, longest = 40) {
  return text({
    example,
    is: `small letters, digits and dashes, at most ${longest}`,
    matches: (raw) => /^[a-z][a-z0-9-]*$/.test(raw) && raw.length <= longest,
  })
}

/** A database that PgBouncer's configuration can name. */
export function databaseName(example: string) {
  return text({
    example,
    is: 'a name of letters, digits, _ and -, at most 63 bytes',
    matches: (raw) => /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(raw),
  })
}

/** A role, extension or slot that needs no quoting in PgBouncer's configuration. */
export function sqlName(example: string) {
  return text({
    example,
    is: 'a plain PostgreSQL name, at most 63 bytes',
    matches: (raw) => /^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/.test(raw),
  })
}

/** A user of the machine that services run as: never root. */
export function systemUser(example: string) {
  return text({
    example,
    is: 'small letters, digits, _ and -, at most 31, and not root',
    matches: (raw) => /^[a-z_][a-z0-9_-]{0,30}$/.test(raw) && raw !== 'root',
  })
}

/** A title or sentence for people, on one line. */
export function line(example: string) {
  return text({
    example,
    is: 'one line of at most 200 characters',
    matches: (raw) => /^[^\p{Cc}]{1,200}$/u.test(raw) && raw.trim() !== '',
  })
}

/** A word for a provider: a region, a size, a zone, an image. */
export function word(example: string) {
  return text({ example, is: 'a word without spaces', matches: (raw) => /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$/.test(raw) })
}

/** A word that names one exact thing: never `latest`. */
export function exactWord(example: string) {
  return text({
    example,
    is: 'an exact version, not latest',
    matches: (raw) => /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$/.test(raw) && !/latest/i.test(raw),
  })
}

/** A container image with a tag or digest. */
export function containerImage(example: string) {
  const named = /^[a-z0-9][a-z0-9._/:-]*(?::[A-Za-z0-9_][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/
  return text({
    example,
    is: 'an image with a tag or digest other than latest',
    matches: (raw) => named.test(raw) && !raw.endsWith(':latest'),
  })
}

export function region(example = 'sa-east-1') {
  return text({ example, is: 'a region name', matches: (raw) => /^[a-z0-9][a-z0-9-]{0,39}$/.test(raw) })
}

export function absolutePath(example: string) {
  return text({
    example,
    is: 'an absolute path',
    matches: (raw) => isAbsolute(raw) && !/\p{Cc}/u.test(raw) && !raw.split('/').includes('..'),
  })
}

/** An absolute path of letters, digits and `. _ - + @`: one that no template and no shell reads anything into. */
export function plainPath(example: string) {
  return text({
    example,
    is: 'an absolute path of letters, digits and . _ - + @',
    matches: (raw) => /^(\/[\w.+@-]+)+$/.test(raw) && !raw.split('/').includes('..'),
  })
}

const systemDirectories = /^\/(bin|boot|dev|etc|home|lib\w*|proc|root|run|sbin|sys|tmp|usr|var\/tmp)(\/|$)/

/** A directory that Ballast owns with all in it: of its own, and where services may have one. */
export function ownDirectory(example: string) {
  const own = (raw: string) => /^\/[^/]+\/[^/]+/.test(raw) && !/^\/var\/lib\/?$/.test(raw) && !systemDirectories.test(raw)
  return text({
    example,
    is: 'an absolute path to a directory of its own, such as one in /var/lib or /srv',
    matches: (raw) => isAbsolute(raw) && !/\p{Cc}/u.test(raw) && !raw.split('/').includes('..') && own(raw),
  })
}

export function hostName(example: string) {
  const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
  const pattern = new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`)
  return text({ example, is: 'a host name', matches: (raw) => raw.length <= 253 && pattern.test(raw) })
}

/** One server by its name or address. */
export function serverName(example: string) {
  const name = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/
  return text({ example, is: 'a host name or an IP address', matches: (raw) => name.test(raw) || isIP(raw) !== 0 })
}

/** Where a server listens: a host name, an address, or the directory of its Unix socket. */
export function serverHost(example: string) {
  const name = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/
  return text({
    example,
    is: 'a host name, an IP address or a socket directory',
    matches: (raw) => name.test(raw) || isIP(raw) !== 0 || (isAbsolute(raw) && !/[\p{Cc},]/u.test(raw)),
  })
}

export function email(example: string) {
  return text({
    example,
    is: 'an email address',
    matches: (raw) => /^[^\s@<>]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(raw),
  })
}

/** A version of two to four numbers. */
export function version(example: string) {
  return text({ example, is: 'a version', matches: (raw) => /^\d{1,4}(\.\d{1,4}){1,3}$/.test(raw) })
}

/** An absolute URL with one of the schemes. */
export function url(example: string, ...schemes: readonly string[]) {
  const matches = (raw: string) => URL.canParse(raw) && schemes.includes(new URL(raw).protocol.slice(0, -1))
  return text({ example, is: `a URL (${schemes.join(', ')})`, matches })
}

/** An IANA time zone. */
export function timeZone(): z.ZodType<string, string> {
  return text({
    example: 'America/Sao_Paulo',
    is: 'an IANA time zone',
    matches: (raw) => /^(UTC|[A-Z][A-Za-z_]+\/[A-Za-z0-9_/+-]+)$/.test(raw) && isTimeZone(raw),
  })
}

/** A plain setting of a server: text, a number, or true and false as on and off. */
export function setting(): z.ZodType<string, string | number | boolean> {
  return leaf("'on'", (raw) => {
    if (typeof raw === 'boolean') return { value: raw ? 'on' : 'off' }
    const usable =
      typeof raw === 'number' ? Number.isFinite(raw) : typeof raw === 'string' && /^[^\p{Cc}'\\]{0,500}$/u.test(raw)
    return usable
      ? { value: String(raw) }
      : refuse('must be one line of text without quotes or backslashes, a number, true or false', "write e.g. 'on'")
  })
}
