/** What a definition leaves open: the ARNs of its functions, and of what Step Functions does itself, for each partition has its own. */
export type Known = 'Steps' | 'Removal' | 'Invoke' | 'GetObject'

/** Stands in a definition for what is known when it is deployed; CloudFormation puts it in. */
export function known(name: Known): string {
  return `\${${name}}`
}

/** A definition as Step Functions gets it. */
export function deployedDefinition(text: string, values: Readonly<Record<Known, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: Known) => values[name])
}
