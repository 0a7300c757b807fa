import { formatDurationMs } from '../units.ts'
import { fewestRunsWithin, longestGapSeconds, type When } from '../when.ts'
import { type Rule, repeated, unknownNames, when } from './rule.ts'

const slots: Rule = {
  needs: ['backup.schedule', 'databases'],
  check: ({ backup: { schedule }, databases }) => {
    const names = databases.map(({ name }) => name)
    return [
      ...repeated(
        schedule,
        ({ slot }) => slot,
        (index) => `backup.schedule[${index}].slot`,
        'give every slot its own name',
      ),
      ...schedule.flatMap((slot, index) =>
        unknownNames(slot.databases ?? [], names, 'database', (at) => `backup.schedule[${index}].databases[${at}]`),
      ),
      ...schedule.flatMap((slot, index) =>
        (slot.databases ?? []).flatMap((name, at) =>
          when(
            databases.some((database) => database.name === name && !database.backup),
            `backup.schedule[${index}].databases[${at}]`,
            `'${name}' has backup: false`,
            'remove one of the two',
          ),
        ),
      ),
    ]
  },
}

const keepsSomething: Rule = {
  needs: ['backup.retention.keep'],
  check: ({ backup: { retention } }) =>
    when(
      Object.values(retention.keep).every((value) => value === undefined || value === 0),
      'backup.retention.keep',
      'must keep something',
      'add e.g. daily: 7',
    ),
}

function gapProblem(path: string, what: string, limitSeconds: number, whens: readonly When[]) {
  const gap = longestGapSeconds(whens)
  return when(
    Number.isFinite(gap) && limitSeconds <= gap,
    path,
    `${formatDurationMs(limitSeconds * 1000)} always alarms, for ${what} ${formatDurationMs(gap * 1000)} apart`,
    `write more than '${formatDurationMs(gap * 1000)}', or run more often`,
  )
}

const backedUp: Rule = {
  needs: ['backup.schedule', 'databases', 'freshness.maxAge', 'handover.goals.recoveryPoint', 'backup.pitr'],
  check: ({ backup: { schedule, pitr }, databases, freshness, handover }) =>
    databases.flatMap(({ name, backup }, index) => {
      const whens = schedule.filter((slot) => slot.databases?.includes(name) ?? true).map((slot) => slot.when)
      if (!backup) return []
      if (whens.length === 0) {
        return [
          {
            path: `databases[${index}]`,
            rule: `no backup schedule covers '${name}'`,
            fix: 'add it to a slot, or write backup: false',
          },
        ]
      }
      const gap = longestGapSeconds(whens)
      const goal = handover.goals.recoveryPointSeconds
      return [
        ...gapProblem('freshness.maxAge', `backups of '${name}' are up to`, freshness.maxAgeSeconds, whens),
        ...when(
          pitr === undefined && Number.isFinite(gap) && goal < gap,
          'handover.goals.recoveryPoint',
          `${formatDurationMs(goal * 1000)} cannot be met, for backups of '${name}' are up to ${formatDurationMs(gap * 1000)} apart`,
          'back up more often or set backup.pitr',
        ),
      ]
    }),
}

const verified: Rule = {
  needs: ['backup.verify.schedule', 'freshness.maxVerifiedAge'],
  check: ({ backup, freshness }) =>
    gapProblem('freshness.maxVerifiedAge', 'verifications are up to', freshness.maxVerifiedAgeSeconds, [
      backup.verify.schedule,
    ]),
}

const enoughInTime: Rule = {
  needs: ['backup.verify.schedule', 'backup.verify.share', 'backup.verify.everythingWithin'],
  check: ({ backup: { verify } }) => {
    if (verify.sharePercent >= 100) return []
    const within = formatDurationMs(verify.everythingWithinSeconds * 1000)
    const runs = fewestRunsWithin(verify.schedule, verify.everythingWithinSeconds)
    // None at all is refused below.
    return when(
      runs > 0 && verify.sharePercent * runs < 100,
      'backup.verify.share',
      `${verify.sharePercent} % in ${runs === 1 ? 'the one verification' : `each of the ${runs} verifications`} within ${within} is ${times(verify.sharePercent, runs)} % of the rows, and everythingWithin promises all`,
      `write at least '${leastShare(runs)} %', a longer everythingWithin, or verify more often`,
    )
  },
}

/** The product without the noise of binary fractions. */
function times(percent: number, runs: number): number {
  return Number((percent * runs).toFixed(6))
}

/** Rounded up to what people write. */
function leastShare(runs: number): number {
  return Math.ceil(10_000 / runs) / 100
}

const everythingInTime: Rule = {
  needs: ['backup.verify.schedule', 'backup.verify.everythingWithin'],
  check: ({ backup: { verify } }) => {
    const gap = longestGapSeconds([verify.schedule])
    return when(
      Number.isFinite(gap) && verify.everythingWithinSeconds < gap,
      'backup.verify.everythingWithin',
      `${formatDurationMs(verify.everythingWithinSeconds * 1000)} cannot be met, for verifications are up to ${formatDurationMs(gap * 1000)} apart`,
      `write at least '${formatDurationMs(gap * 1000)}', or verify more often`,
    )
  },
}

const ages: Rule = {
  needs: ['freshness.maxAge', 'freshness.maxVerifiedAge'],
  check: ({ freshness: { maxAgeSeconds, maxVerifiedAgeSeconds } }) =>
    when(
      maxVerifiedAgeSeconds < maxAgeSeconds,
      'freshness.maxVerifiedAge',
      'is shorter than maxAge, but a set is older when it has been verified',
      'write at least maxAge',
    ),
}

const copies: Rule = {
  needs: ['freshness.minCopies', 'backup.stores', 'backup.copies.to'],
  check: ({ freshness: { minCopies }, backup }) => {
    const places = 1 + (backup.copies.to?.length ?? backup.stores.length - 1)
    return when(
      minCopies !== undefined && minCopies > places,
      'freshness.minCopies',
      `demands ${minCopies} copies, but sets go to ${places} stores`,
      'add a store or write less',
    )
  },
}

const keptLongEnough: Rule = {
  needs: ['backup.limits', 'backup.retention.sweepAfter'],
  check: ({ backup: { limits, retention } }) =>
    when(
      retention.sweepAfterSeconds <= limits.durationSeconds,
      'backup.retention.sweepAfter',
      'would sweep a backup that is still running',
      `write more than backup.limits.duration, '${formatDurationMs(limits.durationSeconds * 1000)}'`,
    ),
}

const archivedInTime: Rule = {
  needs: ['backup.pitr', 'replication.maxArchiveAge', 'postgres.archiveTimeout'],
  check: ({ backup: { pitr }, replication, postgres }) =>
    when(
      pitr !== undefined && replication.maxArchiveAgeSeconds <= postgres.archiveTimeoutSeconds,
      'replication.maxArchiveAge',
      'always alarms, for segments are archived that seldom',
      'write more than postgres.archiveTimeout',
    ),
}

const slotCap: Rule = {
  needs: ['replication.maxSlotWal', 'postgres.maxSlotWal'],
  check: ({ replication, postgres }) =>
    when(
      replication.maxSlotWalBytes >= postgres.maxSlotWalBytes,
      'replication.maxSlotWal',
      'alarms only after the server has given the slot up',
      'write less than postgres.maxSlotWal',
    ),
}

export const scheduleRules: readonly Rule[] = [
  slots,
  keepsSomething,
  backedUp,
  verified,
  enoughInTime,
  everythingInTime,
  ages,
  copies,
  keptLongEnough,
  archivedInTime,
  slotCap,
]
