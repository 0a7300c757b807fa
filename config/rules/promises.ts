import { type Rule, repeated, when } from './rule.ts'

const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]
const DAY_SECONDS = 86_400

const latencies: Rule = {
  needs: ['loadtests.goals.p95', 'loadtests.goals.p99'],
  check: ({ loadtests: { goals } }) =>
    when(
      goals.p95Ms > goals.p99Ms,
      'loadtests.goals.p99',
      `${goals.p99Ms} ms is under p95, ${goals.p95Ms} ms`,
      'write at least p95',
    ),
}

const rates: Rule = {
  needs: ['loadtests.goals.rate', 'loadtests.profiles'],
  check: ({ loadtests: { goals, profiles } }) =>
    (['stressRate', 'spikeRate', 'breakpointRate'] as const).flatMap((name) => {
      const rate = profiles[`${name}PerSecond`]
      return when(
        rate !== undefined && rate <= goals.ratePerSecond,
        `loadtests.profiles.${name}`,
        `${rate} /s is not over the goal, ${goals.ratePerSecond} /s`,
        'write more than goals.rate',
      )
    }),
}

const losses: Rule = {
  needs: ['loadtests.goals.maxLost', 'loadtests.goals.minSuccess'],
  check: ({ loadtests: { goals } }) => [
    ...when(
      goals.maxLostPercent >= 50,
      'loadtests.goals.maxLost',
      `${goals.maxLostPercent} % lost proves nothing`,
      "write e.g. '5 %'",
    ),
    ...when(
      goals.minSuccessPercent < 50,
      'loadtests.goals.minSuccess',
      `${goals.minSuccessPercent} % proves nothing`,
      "write e.g. '99.9 %'",
    ),
  ],
}

const bounded: Rule = {
  needs: ['loadtests.profiles', 'loadtests.limits.duration'],
  check: ({ loadtests: { profiles, limits } }) =>
    (['average', 'stress', 'soak'] as const).flatMap((name) =>
      when(
        profiles[`${name}DurationSeconds`] > limits.durationSeconds,
        `loadtests.profiles.${name}Duration`,
        'is longer than loadtests.limits.duration',
        'write less or raise the limit',
      ),
    ),
}

const poolTested: Rule = {
  needs: ['loadtests.pgbench.clients', 'pgbouncer.maxClients'],
  check: ({ loadtests: { pgbench }, pgbouncer: { maxClients } }) =>
    when(
      pgbench.clients > maxClients,
      'loadtests.pgbench.clients',
      `${pgbench.clients} clients are more than pgbouncer.maxClients ${maxClients}, so some would be refused`,
      `write at most ${maxClients}`,
    ),
}

const signed: Rule = {
  needs: ['handover'],
  check: ({ handover: { approvers, drills, languages } }) => [
    ...repeated(
      approvers,
      ({ name }) => name,
      (index) => `handover.approvers[${index}].name`,
      'name every approver once',
    ),
    ...repeated(
      drills.skip,
      (name) => name,
      (index) => `handover.drills.skip[${index}]`,
      'name every drill once',
    ),
    ...repeated(
      languages,
      (name) => name,
      (index) => `handover.languages[${index}]`,
      'name every language once',
    ),
  ],
}

const logsKept: Rule = {
  needs: ['runtime.lambda.logRetention'],
  check: ({ runtime: { lambda } }) =>
    when(
      !LOG_RETENTION_DAYS.includes(lambda.logRetentionSeconds / DAY_SECONDS),
      'runtime.lambda.logRetention',
      'is no period that CloudWatch Logs offers',
      `use one of ${LOG_RETENTION_DAYS.join(', ')} days`,
    ),
}

export const promiseRules: readonly Rule[] = [latencies, rates, losses, bounded, poolTested, signed, logsKept]
