import { type Law, loose, outsideWorld, terminal } from './law.ts'

const operations = [
  'backup',
  'restore',
  'verify',
  'retention',
  'copies',
  'replication',
  'freshness',
  'status',
  'doctor',
  'images',
]

/** The law of what all operations stand on: no operation. */
export function runtimeLaws(): Law[] {
  const law = (place: string, up: string, own: string[]): Law => ({
    place,
    allowed: [
      ...own,
      `${up}archive/keys.ts`,
      `${up}platform/secrets/read-secret.ts`,
      `${up}../config/cluster.ts`,
      '@middy/core',
      '@aws-lambda-powertools/logger',
      'zod',
      'node:path',
    ],
    refused: [
      ...operations.map((operation) => `${up}${operation}/planted.ts`),
      `${up}archive/../${operations[0]}/planted.ts`,
      `${up}planted.ts`,
      `${up}../config/../cli/main.ts`,
      `${up}../cli/main.ts`,
      `${up}../sandbox/sandbox.ts`,
      `${up}../test/support/query.ts`,
      ...outsideWorld,
      ...terminal,
      ...loose,
    ],
  })
  return [
    law('functions/runtime/planted.ts', '../', ['./own.ts', './part/own.ts']),
    law('functions/runtime/part/planted.ts', '../../', ['./own.ts', '../own.ts', '../other/own.ts']),
  ]
}

/** The law of an operation: no other operation but the siblings named, and of ours beside them only what `further` names. */
export function operationLaws(name: string, siblings: string[], further: readonly string[] = []): Law[] {
  const strangers = operations.filter((other) => other !== name && !siblings.includes(other))
  const law = (place: string, up: string, own: string[]): Law => ({
    place,
    allowed: [
      ...own,
      ...siblings.map((sibling) => `${up}${sibling}/planted.ts`),
      `${up}archive/keys.ts`,
      `${up}platform/failure.ts`,
      `${up}platform/postgres/copy/copy-out.ts`,
      `${up}runtime/definition/defined-store.ts`,
      `${up}../config/units.ts`,
      ...further.map((folder) => `${up}../${folder}/planted.ts`),
      'zod',
      'node:path',
    ],
    refused: [
      ...strangers.map((stranger) => `${up}${stranger}/planted.ts`),
      `${up}archive/../${strangers[0]}/planted.ts`,
      `${up}runtime/../${strangers[0]}/planted.ts`,
      `${up}planted.ts`,
      `${up}../config/../cli/main.ts`,
      `${up}../cli/main.ts`,
      `${up}../sandbox/sandbox.ts`,
      ...(further.includes('packer') ? [] : [`${up}../packer/planted.ts`]),
      `${up}../test/support/query.ts`,
      `${up}../bench/run.ts`,
      `${up}../tools/setup.ts`,
      `./${up}${strangers[0]}/planted.ts`,
      ...outsideWorld,
      ...terminal,
      ...loose,
    ],
  })
  return [
    law(`functions/${name}/planted.ts`, '../', ['./own.ts', './part/own.ts']),
    law(`functions/${name}/part/planted.ts`, '../../', ['./own.ts', '../own.ts', '../other/own.ts']),
  ]
}
