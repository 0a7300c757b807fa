/** A text of the definition as it is meant: there `$${` and `%%{` stand for what a template would take for an expansion. */
export function plainText(text: string): string {
  return text.replaceAll('$${', '${').replaceAll('%%{', '%{')
}
