/** Where a secret is kept, as the definition refers to it. */
export type SecretReference =
  | { readonly secret: string; readonly key?: string }
  | { readonly env: string }
  | { readonly file: string }

/**
 * The name under which systemd hands a secret to a service (`LoadCredential=`): the variable's own name, or the file's path
 * with dots for slashes. Never the same for two secrets. Undefined for what is not kept on this machine.
 */
export function credentialName(ref: SecretReference): string | undefined {
  if ('env' in ref) return ref.env
  if ('file' in ref) return `file${ref.file.replace(/[^A-Za-z0-9/-]/gu, hexadecimal).replaceAll('/', '.')}`
  return undefined
}

function hexadecimal(character: string): string {
  return Buffer.from(character).toString('hex').replace(/../g, '_$&')
}
