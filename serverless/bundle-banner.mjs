import { createRequire as createRequireOfBundle } from 'node:module'

// biome-ignore lint/correctness/noUnusedVariables: packages that are CommonJS ask for Node's own modules with it
const require = createRequireOfBundle(import.meta.url)
