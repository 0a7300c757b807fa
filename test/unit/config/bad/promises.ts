import type { BadDefinition } from './bad-definition.ts'

export const promises: readonly BadDefinition[] = [
  {
    changes: { 'loadtests.goals': { p95: '600 ms' } },
    lines: ['loadtests.goals.p99: 500 ms is under p95, 600 ms; write at least p95'],
  },
  {
    changes: { 'loadtests.profiles.stressRate': '40 /s' },
    lines: ['loadtests.profiles.stressRate: 40 /s is not over the goal, 50 /s; write more than goals.rate'],
  },
  {
    changes: { 'loadtests.goals': { maxLost: '60 %' } },
    lines: ["loadtests.goals.maxLost: 60 % lost proves nothing; write e.g. '5 %'"],
  },
  {
    changes: { 'loadtests.goals': { minSuccess: '10 %' } },
    lines: ["loadtests.goals.minSuccess: 10 % proves nothing; write e.g. '99.9 %'"],
  },
  {
    changes: { 'loadtests.profiles.soakDuration': '24 hours' },
    lines: ['loadtests.profiles.soakDuration: is longer than loadtests.limits.duration; write less or raise the limit'],
  },
  {
    changes: { 'loadtests.pgbench.clients': 2000 },
    lines: [
      'loadtests.pgbench.clients: 2000 clients are more than pgbouncer.maxClients 1000, so some would be refused; write at most 1000',
    ],
  },
  {
    changes: { 'loadtests.targets': { entries: 'ftp://x' } },
    lines: ["loadtests.targets.entries: must be a URL (https, http, wss, ws); write e.g. 'https://app.example.com'"],
  },
  {
    changes: { 'loadtests.targets': { Entries: 'https://x' } },
    lines: ['loadtests.targets.Entries: must be small letters, digits and dashes; rename it'],
  },
  {
    changes: {
      'handover.approvers': [
        { name: 'Ana', role: 'CTO' },
        { name: 'Ana', role: 'DBA' },
      ],
    },
    lines: ["handover.approvers[1].name: 'Ana' is also handover.approvers[0].name; name every approver once"],
  },
  {
    changes: { 'handover.drills.skip': ['restor'] },
    lines: ["handover.drills.skip[0]: 'restor' is unknown; did you mean restore?"],
  },
  { changes: { 'handover.languages': ['pt'] }, lines: ["handover.languages[0]: 'pt' is unknown; did you mean pt-BR?"] },
  {
    changes: { 'runtime.lambda.logRetention': '100 days' },
    lines: [
      'runtime.lambda.logRetention: is no period that CloudWatch Logs offers; use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days',
    ],
  },
  {
    changes: { 'runtime.lambda.vpc': { subnets: ['sg-0123456789abcdef0'], securityGroups: [] } },
    lines: [
      "runtime.lambda.vpc.subnets[0]: must be an id that starts with subnet-; write e.g. 'subnet-0123456789abcdef0'",
      "runtime.lambda.vpc.securityGroups: must not be empty; add e.g. 'sg-0123456789abcdef0'",
    ],
  },
  {
    changes: { 'runtime.lambda.memory': '16 GiB' },
    lines: ["runtime.lambda.memory: '16 GiB' is over the most, 10 GiB; write e.g. '2048 MiB'"],
  },
  {
    changes: { 'loadtests.profiles.spikeRate': 'fast' },
    lines: ["loadtests.profiles.spikeRate: 'fast' is not a rate; write a number and /s or /min, e.g. '50 /s'"],
  },
]
