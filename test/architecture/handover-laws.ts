import { type Law, loose, outsideWorld, sdks, terminal } from './law.ts'

/** The import law of load tests and of what is handed over, by examples. */
export const handoverLaws: Law[] = [
  {
    place: 'loadtests/scenarios/planted.ts',
    allowed: ['./steady.ts', '../profiles.ts', 'k6', 'k6/http'],
    refused: [
      '../reference-app/server.ts',
      '../../config/units.ts',
      '../../functions/platform/failure.ts',
      '../../cli/main.ts',
      'zod',
      'node:fs',
      ...outsideWorld,
      ...loose,
    ],
  },
  {
    place: 'loadtests/reference-app/planted.ts',
    allowed: ['./server.ts', 'pg', 'ws', '@redis/client', 'node:http'],
    refused: [
      '../profiles.ts',
      '../../config/units.ts',
      '../../functions/platform/failure.ts',
      'k6/http',
      'zod',
      'node:child_process',
      ...sdks,
      ...terminal,
      ...loose,
    ],
  },
  {
    place: 'handover/planted.ts',
    allowed: [
      './report.ts',
      '../functions/restore/restore.ts',
      '../config/units.ts',
      '../sandbox/sandbox.ts',
      '../loadtests/report.ts',
      '../tools/k6/find.ts',
      'zod',
      'node:path',
    ],
    refused: [
      '../cli/main.ts',
      '../test/support/query.ts',
      '../bench/run.ts',
      '../tools/setup.ts',
      '../tools/k6/build.ts',
      ...outsideWorld,
      ...terminal,
      ...loose,
    ],
  },
  {
    place: 'handover/loadtest/planted.ts',
    allowed: ['./run.ts', '../records/load-record.ts', '../../sandbox/sandbox.ts', '../../tools/k6/find.ts', 'zod'],
    refused: ['../../tools/k6/build.ts', '../../tools/machine/go.ts', '../../cli/main.ts', ...outsideWorld, ...loose],
  },
]
