import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseWhen, type When } from '../../../config/index.ts'
import { onCalendar } from '../../../config/on-calendar.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { nextRuns, WallClock } from '../../support/wall-clock.ts'

const iterations = 6
const schedulesPerBatch = 25
const batches = 16

/** With and without changing clocks, half and quarter hours, a change of half an hour; of settled rules: tzdata come in two versions here. */
const zones = [
  ...['UTC', 'America/Sao_Paulo', 'America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'America/Santiago'],
  ...['Europe/Lisbon', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tehran'],
  ...['Australia/Lord_Howe', 'Australia/Adelaide', 'Pacific/Chatham', 'Pacific/Apia', 'Pacific/Auckland', 'Asia/Tokyo'],
]
const clocks = new Map(zones.map((zone) => [zone, new WallClock(zone)]))

/** What systemd itself says when expressions elapse after an instant. */
async function elapses(expressions: readonly string[], afterMs: number): Promise<number[][]> {
  const base = new Date(afterMs).toISOString().replace('T', ' ').replace('.000Z', ' UTC')
  const args = ['calendar', `--iterations=${iterations}`, `--base-time=${base}`, ...expressions]
  const env = { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C.UTF-8' }
  const { stdout } = await run({ command: 'systemd-analyze', args, env })
  return stdout
    .split('\n\n')
    .map((block) =>
      [...block.matchAll(/(?:Next elapse|Iter(?:\.|ation) #\d+): \w{3} (\S+) (\S+) UTC$/gm)].map(([, date, time]) =>
        Date.parse(`${date}T${time}Z`),
      ),
    )
}

function parsed(text: string): When {
  const verdict = parseWhen(text)
  if ('value' in verdict) return verdict.value
  throw new Error(verdict.rule)
}

const some = (min: number, max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: max - min }).map((step) => `*/${step}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
        .map(([a, b]) => (a < b ? `${a}-${b}` : `${b}-${a}`)),
    },
    {
      weight: 2,
      arbitrary: fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(',')),
    },
  )
const days = fc.oneof(
  some(1, 31).map((dayOfMonth) => ({ dayOfMonth, weekday: '*' })),
  some(0, 7).map((weekday) => ({ dayOfMonth: '*', weekday })),
)
const words = fc.constantFrom(
  ...[
    'every 1 minute',
    'every 2 minutes',
    'every 5 minutes',
    'every 15 minutes',
    'every 20 minutes',
    'every hour',
    'every 6 hours',
  ],
  ...['daily at 02:30', 'daily at 00:00', 'weekly on sunday at 02:15', 'monthly on 1 at 01:30', 'quarterly on 15 at 02:00'],
)
const lines = fc
  .tuple(some(0, 59), some(0, 23), days, some(1, 12))
  .map(([minute, hour, { dayOfMonth, weekday }, month]) => `${minute} ${hour} ${dayOfMonth} ${month} ${weekday}`)
  .filter((line) => 'value' in parseWhen(line))
const schedule = fc.record({ text: fc.oneof(words, lines), timeZone: fc.constantFrom(...zones) })

/** Instants of which most are within two days of a change of clocks somewhere. */
const changes = ['2027-03-14', '2027-03-28', '2027-04-04', '2027-09-26', '2027-10-03', '2027-10-31', '2027-11-07', '2028-02-29']
const base = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * 24 * 60, max: 2 * 24 * 60 }))
  .map(([date, minutes]) => Date.parse(`${date}T00:00:30Z`) + minutes * 60_000)

test('the last run of a month is not passed over', async () => {
  const said = await elapses([onCalendar(parsed('44 */5 * * *'), 'Asia/Kathmandu')], Date.parse('2027-10-31T17:00:00Z'))
  expect(said[0]?.[0]).toBe(Date.parse('2027-10-31T18:59:00Z'))
})

test(`systemd reads ${batches * schedulesPerBatch} schedules as the definition does, whatever the clocks do`, async () => {
  const batch = fc.array(schedule, { minLength: schedulesPerBatch, maxLength: schedulesPerBatch })
  await fc.assert(
    fc.asyncProperty(batch, base, async (schedules, afterMs) => {
      const expressions = schedules.map(({ text, timeZone }) => onCalendar(parsed(text), timeZone))
      const said = await elapses(expressions, afterMs)
      schedules.forEach(({ text, timeZone }, index) => {
        const clock = clocks.get(timeZone) ?? new WallClock(timeZone)
        const roundTheClock = expressions[index]?.endsWith(' UTC') ?? false
        const expected = nextRuns(parsed(text), clock, afterMs, iterations, roundTheClock)
        const iso = (instants: readonly number[] | undefined) => instants?.map((instant) => new Date(instant).toISOString())
        expect(iso(said[index]), `${text} in ${timeZone} is ${expressions[index]}`).toEqual(iso(expected))
      })
    }),
    { numRuns: batches, endOnFailure: true },
  )
})
