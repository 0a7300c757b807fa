import { measureBackups } from './cases/backup-case.ts'
import { measureMemory } from './cases/memory-case.ts'
import { measurePlans } from './cases/plan-case.ts'
import { measureRestores, measureVerifications } from './cases/restore-case.ts'
import { measureScaling } from './cases/scaling-case.ts'
import type { Session } from './cases/session.ts'
import { mixedDatabase } from './data/mixed.ts'
import { singleTable } from './data/orders.ts'
import { smallTables } from './data/small.ts'
import { buildDatabase, dropDatabase, surveyDatabase } from './databases.ts'
import { describeMachine } from './machine.ts'
import type { BenchOptions, CaseName } from './options.ts'
import type { BenchReport, DatasetName } from './results.ts'
import { chooseUploader } from './stock/choose-uploader.ts'
import { uploaders } from './stock/uploaders.ts'
import type { Workshop } from './workshop.ts'

const datasets: Record<DatasetName, (scale: number) => string[][]> = {
  mixed: mixedDatabase,
  single: singleTable,
  small: smallTables,
}

const measures: Partial<Record<CaseName, (session: Session) => Promise<void>>> = {
  'backup-mixed': (session) => measureBackups(session, 'mixed'),
  'restore-mixed': (session) => measureRestores(session, 'mixed'),
  'verify-mixed': (session) => measureVerifications(session, 'mixed'),
  'backup-single': (session) => measureBackups(session, 'single'),
  'restore-single': (session) => measureRestores(session, 'single'),
  'backup-small': (session) => measureBackups(session, 'small'),
}

/** Measures everything that was asked for, one dataset after another, so that each is alone on its server. */
export async function runBench(workshop: Workshop, options: BenchOptions): Promise<BenchReport> {
  const { uploader, trials } = await uploaderOf(workshop, options)
  const report: BenchReport = {
    format: 1,
    takenAt: new Date().toISOString(),
    scale: options.scale,
    rounds: options.rounds,
    machine: await describeMachine(workshop),
    datasets: [],
    uploader: uploader.name,
    uploaderTrials: trials,
    measurements: [],
    memory: [],
  }
  const session: Session = { workshop, options, uploader, report, stored: new Set() }
  for (const name of Object.keys(datasets) as DatasetName[]) await measureDataset(session, name)
  if (options.cases.includes('memory')) await measureMemory(session)
  if (options.cases.includes('scaling-threads')) await measureScaling(session, 'threads')
  if (options.cases.includes('scaling-functions')) await measureScaling(session, 'functions')
  if (options.cases.includes('plan')) await measurePlans(session)
  return report
}

/** Only what is raced against stock tools needs the fastest of their uploaders. */
async function uploaderOf(workshop: Workshop, { cases, scale }: BenchOptions): ReturnType<typeof chooseUploader> {
  const [usual] = uploaders
  const raced = Object.keys(datasets).some((name) => cases.some((one) => one.endsWith(`-${name}`)))
  if (!raced && usual !== undefined) return { uploader: usual, trials: [] }
  return await chooseUploader(workshop, Math.max(32, Math.round(512 * scale)))
}

async function measureDataset(session: Session, name: DatasetName): Promise<void> {
  const { workshop, options, report } = session
  const cases = options.cases.filter((one) => one.endsWith(`-${name}`))
  if (cases.length === 0) return
  workshop.say(`Building the database "${name}"`)
  await buildDatabase(workshop, name, datasets[name](options.scale))
  const facts = await surveyDatabase(workshop, name, name)
  report.datasets.push(facts)
  workshop.say(`  ${facts.tables} tables, ${facts.rows} rows, ${(facts.textBytes / 1e6).toFixed(0)} MB of text`)
  for (const one of cases) await measures[one]?.(session)
  await dropDatabase(workshop, name)
}
