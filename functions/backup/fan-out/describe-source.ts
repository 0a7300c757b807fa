import { globalsTrailer } from '../../archive/globals.ts'
import { globalsFile, schemaFile, setPrefix } from '../../archive/keys.ts'
import { type ContentStore, contentStore } from '../../platform/encryption/content-store.ts'
import { type ClientTools, clientToolsOf, findCandidates } from '../../platform/postgres/client-tools.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { toolEnvironment } from '../../platform/postgres/tool-environment.ts'
import { privateDirectory } from '../../platform/process/private-directory.ts'
import { openHolder } from '../source.ts'
import { customArchiveShape, globalsArguments, globalsShape, schemaDumpArguments } from '../stock-dump.ts'
import { type DumpToStore, dumpToStore } from '../store-dump.ts'
import { explainStep } from './explain-step.ts'
import { type RunPlan, readPlan } from './plan-document.ts'
import { type DumpResult, dumpProducts } from './products.ts'
import { adopt, announce, type Product, readResult, settle } from './results.ts'
import { readHeld } from './run-store.ts'
import { enterSnapshot, exportSnapshot, withSnapshot } from './snapshot-session.ts'
import { type StepContext, snapshotConnection } from './step-context.ts'

/** What the step `describe` did: files made by this call, and those that were made before. */
export interface Described {
  copied: number
  skipped: number
}

/**
 * Stores what no unit holds: schema.dump and globals.sql. A session of its own keeps the snapshot for the tools, so that no handover
 * can come in between; the tools run one after another, over one connection more.
 */
export async function describeSource(context: StepContext): Promise<Described> {
  const { place } = context
  const { plan } = await readHeld(place)
  const all = await readPlan({ ...place, plan })
  const products = dumpProducts({ address: place.address, settings: all.settings })
  const open: Product<DumpResult>[] = []
  for (const product of [products.schema, products.globals]) {
    if ((await readResult(place, product)) === undefined && (await adopt(place, product)) === undefined) open.push(product)
  }
  if (open.length === 0) return { copied: 0, skipped: 2 }
  const session = await withSnapshot(place, (state) => openInSnapshot(context, state))
  try {
    const snapshot = await exportSnapshot(session)
    const directory = await privateDirectory('ballast-backup-')
    try {
      const { env } = await toolEnvironment(session.settings, directory.path)
      const tools = clientToolsOf(await findCandidates(context.env), Math.floor(session.versionNum / 10_000))
      const contents = await contentStore(place.store, all.settings.ageRecipients)
      for (const product of open) {
        const command =
          product === products.schema ? schemaDump(context, all, snapshot, tools) : globalsDump(context, all, tools)
        await store(context, product, { ...command, ...common(context, env, contents) }, tools)
      }
    } finally {
      await directory.dispose()
    }
  } catch (error) {
    throw explainStep(all, error)
  } finally {
    await session.close()
  }
  return { copied: open.length, skipped: 2 - open.length }
}

async function openInSnapshot(context: StepContext, state: Parameters<typeof enterSnapshot>[1]): Promise<Session> {
  const session = await openHolder(await snapshotConnection(context, state.server), context.place.signal)
  try {
    await enterSnapshot(session, state)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

async function store(
  { place }: StepContext,
  product: Product<DumpResult>,
  dump: DumpToStore,
  tools: ClientTools,
): Promise<void> {
  const toolVersion = tools.version
  const result = await dumpToStore({ ...dump, announce: (made) => announce(place, product, { ...made, toolVersion }) })
  await settle(place, product, { ...result, toolVersion })
}

type Command = Pick<DumpToStore, 'command' | 'args' | 'file' | 'shape' | 'trailer'>

function schemaDump({ place }: StepContext, { tableList, settings }: RunPlan, snapshot: string, tools: ClientTools): Command {
  const { database } = place.address
  const args = schemaDumpArguments({ database, snapshot, tables: tableList, lockWaitSeconds: settings.lockWaitSeconds })
  return { command: tools.pgDump, args, file: schemaFile, shape: customArchiveShape }
}

function globalsDump({ place }: StepContext, { database, settings }: RunPlan, tools: ClientTools): Command {
  const args = globalsArguments(place.address.database, settings.rolePasswords)
  return { command: tools.pgDumpall, args, file: globalsFile, shape: globalsShape, trailer: globalsTrailer(database) }
}

function common({ place }: StepContext, env: Record<string, string>, contents: ContentStore) {
  return { env, contents, prefix: setPrefix(place.address), signal: place.signal }
}
