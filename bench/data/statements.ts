/** Several statements as one script. */
export function statements(...parts: readonly string[]): string {
  return parts.join(';\n')
}
