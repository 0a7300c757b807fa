import { type Command, InvalidArgumentError, Option } from 'commander'
import { parsePercent } from '../config/units.ts'
import type { ProviderName } from '../functions/platform/object-store/settings.ts'
import type { OutputOptions } from './run/run-command.ts'

/** Which cluster and database a command is about. */
export interface ScopeOptions {
  config?: string
  cluster?: string
  database?: string
}

/** Which store a command works with, and what its URL cannot say. */
export interface StoreOptions {
  store?: string
  provider?: ProviderName
  endpoint?: string
  region?: string
  sse?: string
  kmsKey?: string
}

/** What most commands have. */
export type CommonOptions = OutputOptions & ScopeOptions & StoreOptions

/** Whose S3 an option may name. */
export const providers: readonly ProviderName[] = [
  'amazon',
  'digitalocean',
  'r2',
  'hetzner',
  'minio',
  'versitygw',
  'scaleway',
  'generic',
]

/** Where the definition is, for commands that work with nothing else. */
export interface DefinitionOptions extends OutputOptions {
  config?: string
}

/** Adds --config. */
export function addDefinitionOption(command: Command): Command {
  return command.option('--config <file>', 'definition of the cluster (default: ballast.config.ts, where there is one)')
}

/** Adds --config, --cluster and --database. */
export function addScopeOptions(command: Command): Command {
  return addDefinitionOption(command)
    .option('--cluster <name>', 'name the sets are kept under (default: the definition\'s, else "default")')
    .option('--database <name>', 'database')
}

/** Adds --store and what goes with it. */
export function addStoreOptions(command: Command): Command {
  return command
    .option('--store <url>', "s3://bucket/prefix, file:///directory, or a store's name in the definition")
    .addOption(new Option('--provider <name>', 'whose S3 it is (default: by the endpoint)').choices(providers))
    .option('--endpoint <url>', 'S3 endpoint (default: AWS_ENDPOINT_URL_S3, else Amazon)')
    .option('--region <name>', 'S3 region (default: AWS_REGION)')
    .addOption(new Option('--sse <type>', 'server-side encryption').choices(['AES256', 'aws:kms']))
    .option('--kms-key <id>', 'KMS key for --sse aws:kms')
}

/** Adds --identity, for commands that read the contents of sets. */
export function addIdentityOption(command: Command): Command {
  return command.option('--identity <file>', "age identity that opens encrypted sets (default: the definition's)")
}

/** Adds --json and --quiet. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object with the outcome on stdout, everything else on stderr')
    .option('--quiet', 'print nothing but errors and what was asked for')
}

/** Adds all of the above, in the order people look for them. */
export function addCommonOptions(command: Command): Command {
  return addOutputOptions(addStoreOptions(addScopeOptions(command)))
}

/** Examples below the options of `--help`; each is a command line and what it does. */
export function addExamples(command: Command, examples: readonly (readonly [line: string, does: string])[]): Command {
  const lines = examples.map(([line, does]) => `  $ ${line}\n      ${does}`)
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}

/** Parses a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
    return value
  }
}

/** Parses a share, such as `20%`, as a number above 0 and up to 100. */
export function share(text: string): number {
  const verdict = parsePercent(text)
  if ('value' in verdict && verdict.value > 0) return verdict.value
  throw new InvalidArgumentError("It is a percentage above 0 and up to 100, such as '20%'.")
}

/** An option that may be given several times; `without` says what it means where it is not given. */
export function repeatable(flags: string, description: string, without = 'everything'): Option {
  const collect = (value: string, earlier: string[]): string[] => [...earlier, value]
  return new Option(flags, description).argParser(collect).default([], without)
}
