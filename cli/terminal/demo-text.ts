import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import type { DemoStep } from '../../sandbox/demo/demo.ts'
import { restoredDatabase } from '../../sandbox/demo/steps.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { formatDuration } from './format.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'

/** One finished step, as it happens. */
export function stepLine({ result, seconds }: DemoStep, style: Style): string {
  return `  ${style.good('ok')} ${result} ${style.dim(`(${formatDuration(seconds)})`)}`
}

/** What the demo did, as a table. */
export function demoText(steps: readonly DemoStep[], seconds: number, style: Style): string {
  const table = renderTable(
    [{ heading: style.bold('Step') }, { heading: style.bold('Result') }, { heading: style.bold('Time'), align: 'right' }],
    steps.map(({ step, result, seconds: took }) => [step, result, formatDuration(took)]),
  )
  return `\n${table}\nAll of it in ${formatDuration(seconds)}, on a real cluster that is gone again. README.md says how to back up yours.\n`
}

/** Commands for a cluster that was kept. */
export function thingsToTry(sandbox: Sandbox, store: StoreSettings): string {
  const isS3 = store.type === 's3'
  const location = isS3 ? `s3://${store.bucket}/${store.prefix}` : `file://${store.directory}`
  const variables = isS3 ? Object.entries(sandbox.s3.env).map(([name, value]) => `  export ${name}=${value}\n`) : []
  const common = `--store ${location} --cluster demo`
  return `
The cluster stays up until Ctrl-C. In another terminal:

${variables.join('')}  bin/ballast list ${common}
  bin/ballast backup ${common} --url ${sandbox.backupUrl('app')}
  bin/ballast verify latest ${common} --database app
  bin/ballast restore latest ${common} --database app --clean --to ${sandbox.primary.adminUrl(restoredDatabase)}
  psql ${sandbox.pgbouncer.url()}

`
}
