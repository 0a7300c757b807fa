/** What a file in this place may and may not import. Each specifier becomes one line of a planted file. */
export interface Law {
  place: string
  allowed: string[]
  refused: string[]
}

export const sdks = ['@aws-sdk/client-s3', '@aws-sdk/client-sns', '@smithy/node-http-handler', 'age-encryption', 'nodemailer']
export const outsideWorld = [...sdks, 'pg', 'node:child_process', 'child_process']
export const terminal = ['commander', 'cli-progress', 'cli-table3']
/** Specifiers that no place may use: aliases, absolute ones, and detours that hide where they lead. */
export const loose = [
  '#archive/keys',
  '/functions/archive/keys.ts',
  'file:///functions/archive/keys.ts',
  './../elsewhere/own.ts',
  './part/../../elsewhere/own.ts',
]
