import type { Value } from '../cloudformation.ts'

/** What a definition leaves open: the ARNs of its functions, and of what Step Functions does itself, for each partition has its own. */
export type Known = 'Steps' | 'Removal' | 'Invoke' | 'GetObject'

/** Stands in a definition for what is known when it is deployed; CloudFormation puts it in. */
export function known(name: Known): string {
  return `\${${name}}`
}

/** A definition as Step Functions gets it, in Amazon States Language. */
export function deployedDefinition(definition: Value, values: Readonly<Record<Known, string>>): string {
  return JSON.stringify(definition).replace(/\$\{(\w+)\}/g, (_, name: Known) => values[name])
}
