import { type Law, loose, outsideWorld, terminal } from './law.ts'

/** The import law of the report's charts, by examples. */
export const reportLaws: Law[] = [
  {
    place: 'handover/report/charts/planted.ts',
    allowed: ['./spread.ts', '../../records/load-record.ts', '../../../functions/runtime/page/html.ts', 'd3-scale', 'd3-shape'],
    refused: [
      '../page/view.ts',
      '../../texts/languages.ts',
      '../../records/../texts/languages.ts',
      '../../../functions/runtime/page/../scheduled.ts',
      '../../../functions/platform/process/run.ts',
      '../../../cli/main.ts',
      'node:fs',
      'zod',
      ...outsideWorld,
      ...terminal,
      ...loose,
    ],
  },
]
