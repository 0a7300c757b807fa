import { expect, test } from 'vitest'
import { type Complaint, lintPlanted } from './planted-tree.ts'

/** A file that breaks one rule, and its neighbour that does the same thing well. */
interface Plant {
  rule: string
  bad: string
  good: string
  /** Where the file stands; `good` may stand elsewhere, where the rule does not hold. */
  place?: string
  goodPlace?: string
}

const statements = (count: number): string => Array.from({ length: count }, (_, index) => `  log(${index})\n`).join('')
const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const line${index} = ${index}\n`).join('')
const promised = 'export async function work(): Promise<void> {\n  await Promise.resolve()\n}\n'
const unit = "export type Unit = 'second' | 'minute'\n"
const switching = (cases: string): string =>
  `${unit}export function letter(unit: Unit): string {\n  switch (unit) {\n${cases}  }\n  return ''\n}\n`

const plants: Plant[] = [
  {
    rule: 'noFloatingPromises',
    bad: `${promised}export function start(): void {\n  work()\n}\n`,
    good: `${promised}export async function start(): Promise<void> {\n  await work()\n}\n`,
  },
  {
    rule: 'noMisusedPromises',
    bad: `${promised}export function all(names: string[]): void {\n  if (work()) names.pop()\n}\n`,
    good: `${promised}export async function all(names: string[]): Promise<void> {\n  await work()\n  names.pop()\n}\n`,
  },
  {
    rule: 'useAwaitThenable',
    bad: 'export async function one(): Promise<number> {\n  return await 1\n}\n',
    good: 'export async function one(): Promise<number> {\n  return await Promise.resolve(1)\n}\n',
  },
  {
    rule: 'useExhaustiveSwitchCases',
    bad: switching("    case 'second':\n      return 's'\n"),
    good: switching("    case 'second':\n      return 's'\n    case 'minute':\n      return 'm'\n"),
  },
  {
    rule: 'useErrorCause',
    bad: "export function parse(text: string): unknown {\n  try {\n    return JSON.parse(text)\n  } catch (error) {\n    throw new Error('no JSON')\n  }\n}\n",
    good: "export function parse(text: string): unknown {\n  try {\n    return JSON.parse(text)\n  } catch (error) {\n    throw new Error('no JSON', { cause: error })\n  }\n}\n",
  },
  {
    rule: 'noExcessiveLinesPerFunction',
    bad: `export function long(log: (n: number) => void): void {\n${statements(61)}}\n`,
    good: `export function long(log: (n: number) => void): void {\n${statements(50)}}\n`,
  },
  { rule: 'noExcessiveLinesPerFile', bad: lines(301), good: lines(300) },
  {
    rule: 'useFilenamingConvention',
    place: 'functions/backup/CamelCase.ts',
    bad: 'export const a = 1\n',
    good: 'export const a = 1\n',
    goodPlace: 'functions/backup/kebab-case.ts',
  },
  { rule: 'noExplicitAny', bad: 'export const a: any = 1\n', good: 'export const a: unknown = 1\n' },
  {
    rule: 'noNonNullAssertion',
    bad: 'export const first = (all: string[]): string => all[0]!\n',
    good: "export const first = (all: string[]): string => all[0] ?? ''\n",
  },
  {
    rule: 'noProcessEnv',
    bad: 'export const home = process.env.HOME\n',
    good: 'export const home = process.env.HOME\n',
    goodPlace: 'cli/planted-env.ts',
  },
  { rule: 'noConsole', bad: "console.log('here')\n", good: "console.log('here')\n", goodPlace: 'sandbox/planted-console.ts' },
  {
    rule: 'useNodejsImportProtocol',
    place: 'functions/platform/planted-protocol.ts',
    bad: "export { join } from 'path'\n",
    good: "export { join } from 'node:path'\n",
    goodPlace: 'functions/platform/planted-protocol-good.ts',
  },
  {
    rule: 'noDefaultExport',
    bad: 'export default 1\n',
    good: 'export default 1\n',
    goodPlace: 'vitest.config.ts',
  },
  { rule: 'noEnum', bad: 'export enum Side {\n  left,\n}\n', good: "export type Side = 'left'\n" },
  {
    rule: 'noParameterProperties',
    bad: 'export class Point {\n  constructor(readonly x: number) {}\n}\n',
    good: 'export class Point {\n  readonly x: number\n  constructor(x: number) {\n    this.x = x\n  }\n}\n',
  },
  { rule: 'noNamespace', bad: 'export namespace a {\n  export const b = 1\n}\n', good: 'export const b = 1\n' },
  {
    rule: 'useThrowOnlyError',
    bad: "export function refuse(): never {\n  throw 'no'\n}\n",
    good: "export function refuse(): never {\n  throw new Error('no')\n}\n",
  },
  { rule: 'noFocusedTests', bad: "test.only('a', () => {})\n", good: "test('a', () => {})\n" },
  { rule: 'noSkippedTests', bad: "test.skip('a', () => {})\n", good: "test('a', () => {})\n" },
  { rule: 'noUnusedVariables', bad: 'const a = 1\n', good: 'export const a = 1\n' },
  { rule: 'noUndeclaredDependencies', bad: "export { x } from 'left-pad'\n", good: "export { z } from 'zod'\n" },
  { rule: 'noProcessExit', bad: 'process.exit(1)\n', good: 'process.exitCode = 1\n' },
]

const badPlace = ({ rule, place }: Plant): string => place ?? `functions/backup/planted-${kebab(rule)}.ts`
const goodPlace = ({ rule, goodPlace }: Plant): string => goodPlace ?? `functions/backup/planted-${kebab(rule)}-good.ts`
const kebab = (rule: string): string => rule.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const files = new Map<string, string>([['functions/backup/planted-help.ts', 'export const help = 1\n']])
for (const plant of plants) files.set(badPlace(plant), plant.bad).set(goodPlace(plant), plant.good)
files.set('functions/backup/cycle-a.ts', "import { b } from './cycle-b.ts'\nexport const a = b\n")
files.set('functions/backup/cycle-b.ts', "import type { a } from './cycle-a.ts'\nexport const b: typeof a = 1\n")

let complaints: Complaint[] | undefined
const broken = async (path: string): Promise<string[]> => {
  complaints ??= await lintPlanted(files)
  return complaints.filter((complaint) => complaint.path === path).map(({ rule }) => rule)
}

test.each(plants)('$rule refuses what breaks it and takes what does not', async (plant) => {
  expect(await broken(badPlace(plant))).toContain(plant.rule)
  expect(await broken(goodPlace(plant))).not.toContain(plant.rule)
})

test('noImportCycles refuses a cycle, also one through types alone', async () => {
  expect(await broken('functions/backup/cycle-a.ts')).toContain('noImportCycles')
  expect(await broken('functions/backup/planted-help.ts')).toEqual([])
})
