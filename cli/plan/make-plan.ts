import { readFile } from 'node:fs/promises'
import type { Cluster } from '../../config/cluster.ts'
import { planOfScale, type ScaleQuestion } from '../../functions/backup/scale/plan-of-scale.ts'
import { listPrices, type PriceTable, priceTable } from '../../functions/backup/scale/prices.ts'
import { assumedRates, type ScaleRates } from '../../functions/backup/scale/rates.ts'
import { planOutcome } from '../outcomes/plan-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { loadDefinition } from '../settings/definition.ts'
import { clusterName } from '../settings/scope.ts'
import { planText } from '../terminal/plan-text.ts'
import { type KnownRates, knownRates } from './known-rates.ts'
import { type PlanOptions, rate, seconds, share, size } from './plan-options.ts'

/** As the definition's own defaults are, on a server that is as PostgreSQL's are. */
const withoutDefinition = {
  ...{ connections: 8, holderSeconds: 720, memoryBytes: 2 * 1024 ** 3 },
  limits: {
    ...{ durationSeconds: 12 * 3600, snapshotAgeSeconds: 12 * 3600, walHeldBytes: 20e9 },
    ...{ maxConnections: 100, mostConnections: 97 },
  },
}

/** Plans a database that need not exist. */
export async function plan(options: PlanOptions, context: CommandContext): Promise<CommandResult> {
  const definition = await loadDefinition(options.config)
  const subject = clusterName(options, definition)
  context.target(subject)
  const isKnown = options.rate !== undefined && options.stored !== undefined
  const known: KnownRates = isKnown ? { from: 'given' } : await knownRates(options, definition, context)
  const question = scaleQuestion(options, definition, known, await chosenPrices(options.prices))
  const made = { question, plan: planOfScale(question), ratesFrom: ratesFrom(options, known) }
  return { outcome: planOutcome(subject, made), text: planText(made, context.style), asked: true }
}

function scaleQuestion(
  options: PlanOptions,
  definition: Cluster | undefined,
  known: KnownRates,
  prices: PriceTable,
): ScaleQuestion {
  const { largest, uncut, walRate, tables, connections } = options
  const settings = definition === undefined ? withoutDefinition : definedSettings(definition)
  return {
    ...settings,
    connections: connections ?? settings.connections,
    size: {
      ...{ bytes: size('--size', options.size), tables },
      ...(largest === undefined ? {} : { largestBytes: size('--largest', largest) }),
      ...(uncut === undefined ? {} : { uncutBytes: size('--uncut', uncut) }),
    },
    rates: chosenRates(options, known),
    ...(walRate === undefined ? {} : { walBytesPerSecond: rate('--wal-rate', walRate) }),
    prices,
  }
}

function definedSettings({ backup, postgres, runtime }: Cluster): typeof withoutDefinition {
  const { connections, holderSeconds } = backup.fanOut
  const { memoryBytes } = runtime.lambda
  const { maxConnections, reservedConnections } = postgres
  // As the definition's own rule has it: two of the reserved ones are those that hold and dump.
  const limits = { ...backup.limits, maxConnections, mostConnections: reservedConnections - 2 }
  return { connections, holderSeconds, memoryBytes, limits }
}

function chosenRates(options: PlanOptions, { measured }: KnownRates): ScaleRates {
  const { rate: copy, stored, storeRate, latency, start } = options
  const { copyBytesPerSecond, storedShare } = { ...assumedRates, ...measured }
  return {
    ...assumedRates,
    copyBytesPerSecond: copy === undefined ? copyBytesPerSecond : rate('--rate', copy),
    storedShare: stored === undefined ? storedShare : share('--stored', stored),
    ...(storeRate === undefined ? {} : { storeBytesPerSecond: rate('--store-rate', storeRate) }),
    ...(latency === undefined ? {} : { requestSeconds: seconds('--latency', latency) }),
    ...(start === undefined ? {} : { startSeconds: seconds('--start', start) }),
  }
}

/** In words, for the two rates that matter most. */
function ratesFrom(options: PlanOptions, { from }: KnownRates): { copy: string; stored: string } {
  return { copy: options.rate === undefined ? from : 'given', stored: options.stored === undefined ? from : 'given' }
}

async function chosenPrices(file: string | undefined): Promise<PriceTable> {
  if (file === undefined) return listPrices
  try {
    return priceTable.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const hint = 'It is one JSON object with all fields of the list: see docs/plan.md.'
    throw configFailure(`the prices in ${file} cannot be read: ${(error as Error).message}`, file, hint)
  }
}
