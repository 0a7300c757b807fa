import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Cluster } from '../../config/cluster.ts'
import { ballastVersion } from '../../functions/archive/version.ts'
import { allDrills } from '../../handover/drills/all-drills.ts'
import { planDrills, refuseProduction } from '../../handover/drills/plan.ts'
import { type RehearsedDrill, rehearse } from '../../handover/drills/rehearse.ts'
import { readRecords } from '../../handover/records/kept-records.ts'
import { runOrigin } from '../../handover/records/run-start.ts'
import { reportFiles } from '../../handover/report/files/report-files.ts'
import { handoverReport } from '../../handover/report/model/handover-report.ts'
import type { Site } from '../../handover/sites/site.ts'
import { drillLine, drillsNote, drillsOutcome, drillsText } from '../outcomes/drills-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { defaultDefinition, requireDefinition } from '../settings/definition.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { confirmDrills } from './confirm.ts'
import { fileInStore } from './file-record.ts'
import { openSite, siteKind } from './open-site.ts'
import type { RehearseOptions } from './rehearse-options.ts'

/** Runs the drills on a site, keeps their records, and with --file files how it went. */
export async function runDrills(options: RehearseOptions, context: CommandContext): Promise<CommandResult> {
  refuseContradictions(options)
  const definition = await requireDefinition(options.config)
  context.target(definition.name)
  const planned = planDrills(allDrills, definition.handover.drills.skip, options.only)
  const target = { on: siteKind(options), definition }
  refuseProduction(target, planned, options.yesBreakIt ?? false)
  await confirmDrills(target, planned, options.yes ?? false, context.signal)
  const startedMs = Date.now()
  const site = await openSite(definition, options, context)
  let rehearsed: RehearsedDrill[]
  try {
    rehearsed = await rehearseOn(site, planned, options, context)
  } finally {
    await site.close()
  }
  const seconds = (Date.now() - startedMs) / 1000
  const outcome = drillsOutcome(definition.name, site.on, rehearsed, seconds, context.signal)
  const place =
    options.file && !context.signal.aborted
      ? await fileDrills(definition, site.on, rehearsed, { ok: outcome.ok, results: options.results })
      : undefined
  return { outcome, text: drillsText(rehearsed, seconds, place, context.style) }
}

async function rehearseOn(
  site: Site,
  planned: ReturnType<typeof planDrills>,
  { config = defaultDefinition, results }: RehearseOptions,
  { signal, note, style }: CommandContext,
): Promise<RehearsedDrill[]> {
  const { definition, on } = site
  const origin = await runOrigin(definition, on, dirname(resolve(config)), commandEnvironment(definition))
  return await rehearse({
    ...{ site, planned, origin, results, signal },
    onDrill: ({ name }) => note(style.dim(`  ${name} ...`)),
    onEnd: (one) => note(drillLine(one, style)),
  })
}

async function fileDrills(
  definition: Cluster,
  on: Site['on'],
  rehearsed: readonly RehearsedDrill[],
  { ok, results }: { ok: boolean; results: string },
): Promise<string> {
  const by = `ballast ${ballastVersion} on ${hostname()}`
  const note = drillsNote(on, rehearsed)
  const filed = { cluster: definition.name, rehearsal: 'drill', result: ok ? 'passed' : 'failed', by, note } as const
  const records = await readRecords(results, definition.name)
  const report = handoverReport({ cluster: definition, ballast: ballastVersion, records, images: [] })
  const files = reportFiles(report, definition.handover.languages)
  return await fileInStore(definition, { ...filed, atMs: Date.now() }, new AbortController().signal, files)
}

function refuseContradictions({ by, note, failed, file, only }: RehearseOptions): void {
  if (by !== undefined || note !== undefined || failed !== undefined) {
    const hint = 'Add --record WHAT to file what people did, or leave --by, --note and --failed out to run drills.'
    throw configFailure('--by, --note and --failed say what people did, and go with --record', '--record', hint)
  }
  if (file && only.length > 0) {
    const hint = 'Leave --only out, or --file: the definition can leave drills out, in handover.drills.skip.'
    throw configFailure('some drills alone are no drill that was done', '--file', hint)
  }
}
