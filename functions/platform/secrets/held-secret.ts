/** A secret that was looked up. It prints as nothing readable; only `reveal` gives the value. */
export interface HeldSecret {
  reveal(): string
}

/** Keeps a value out of whatever prints the settings that it is part of. */
export function holdSecret(value: string): HeldSecret {
  return { reveal: () => value }
}

const replacement = '[redacted]'
/** Shorter ones would black out innocent words, and are no secrets. */
const shortestSecret = 4

/**
 * Text of somebody else's (an error of a library, an answer of a server) without the secrets, in any form they are commonly
 * sent in: as they are, in a URL, in JSON, in base64.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf)
  // The longest first: one form may hold another.
  const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return ordered.reduce((rest, form) => rest.replaceAll(form, replacement), text)
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1), base64]
}
