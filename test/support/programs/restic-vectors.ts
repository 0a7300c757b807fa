/**
 * Asks restic itself what it would keep, and prints the answers as JSON: `test/fixtures/retention/restic.json`. Run by hand when
 * there are new questions; it needs restic 0.17 or newer in RESTIC (older ones do not keep the oldest set), and takes some minutes because restic derives a key for each command.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../../functions/platform/process/run.ts'

const hours = (start: string, steps: readonly number[]): string[] => {
  let at = Date.parse(start)
  return steps.map((step) => {
    at += step * 3_600_000
    return new Date(at).toISOString()
  })
}
const every = (step: number, count: number): number[] => Array.from({ length: count }, () => step)

/** Moments of backups, all past, and the zone that restic runs in. */
const histories = [
  { timeZone: 'UTC', moments: hours('2025-11-20T01:10:00Z', every(6, 14)) },
  { timeZone: 'UTC', moments: hours('2024-12-25T03:00:00Z', every(24, 16)) },
  { timeZone: 'UTC', moments: hours('2023-10-02T03:00:00Z', [0, 24, 240, 700, 30, 1400, 24, 24, 4000, 3000, 9, 200]) },
  { timeZone: 'America/New_York', moments: hours('2025-11-01T20:30:00Z', [...every(1, 14), 12, 12]) },
  { timeZone: 'America/New_York', moments: hours('2025-03-09T02:15:00Z', [...every(1, 10), 24, 24]) },
  { timeZone: 'America/Sao_Paulo', moments: hours('2025-02-26T20:00:00Z', [...every(3, 12), 40, 60]) },
  { timeZone: 'Europe/Berlin', moments: hours('2024-12-28T20:00:00Z', [...every(8, 12), 160, 2]) },
]

const policies: readonly Record<string, number | string>[] = [
  { last: 1 },
  { last: 5 },
  { hourly: 3 },
  { hourly: 50 },
  { daily: 2 },
  { daily: 30 },
  { weekly: 1 },
  { weekly: 2 },
  { weekly: 40 },
  { monthly: 2 },
  { monthly: 40 },
  { yearly: 1 },
  { yearly: 9 },
  { last: 2, daily: 3, weekly: 2 },
  { hourly: 4, daily: 2, monthly: 2, yearly: 2 },
  { within: '36h' },
  { within: '5d', monthly: 3 },
]

const directory = await mkdtemp(join(tmpdir(), 'ballast-restic-'))
try {
  const file = join(directory, 'file')
  await writeFile(file, 'x')
  const restic = async (timeZone: string, args: readonly string[]): Promise<string> => {
    const env = { PATH: process.env.PATH ?? '', TZ: timeZone, HOME: directory, RESTIC_PASSWORD: 'x' }
    const all = ['--repo', join(directory, 'repository'), '--no-cache', '--quiet', '--json', ...args]
    return (await run({ command: process.env.RESTIC ?? '/usr/bin/restic', args: all, env, timeoutMs: 120_000 })).stdout
  }
  await restic('UTC', ['init'])
  const answers: object[] = []
  for (const [index, { timeZone, moments }] of histories.entries()) {
    const host = `h${index}`
    for (const moment of moments) {
      const time = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
        new Date(moment),
      )
      await restic(timeZone, ['backup', '--host', host, '--time', time, file])
    }
    // As restic understood them: of an hour that comes twice it takes the first.
    const stored = JSON.parse(await restic(timeZone, ['snapshots', '--host', host])) as { time: string }[]
    const cases: object[] = []
    for (const keep of policies) {
      const rules = Object.entries(keep).map(([rule, value]) => `--keep-${rule}=${value}`)
      const [group] = JSON.parse(await restic(timeZone, ['forget', '--dry-run', '--host', host, ...rules])) as Forgotten[]
      cases.push({ keep, kept: instants(group?.keep ?? []) })
    }
    answers.push({ timeZone, moments: instants(stored), cases })
  }
  process.stdout.write(`${JSON.stringify(answers)}\n`)
} finally {
  await rm(directory, { recursive: true, force: true })
}

interface Forgotten {
  keep: { time: string }[] | null
}

function instants(snapshots: readonly { time: string }[]): string[] {
  return snapshots.map(({ time }) => new Date(time).toISOString()).sort()
}
