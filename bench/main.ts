import { toFailure } from '../functions/platform/failure.ts'
import { type BenchOptions, parseOptions, usage } from './options.ts'
import { outputDirectory, renderAgain, writeReport } from './report/write.ts'
import { runBench } from './run-bench.ts'
import { openWorkshop } from './workshop.ts'

const started = performance.now()

/** Measures, writes the report, and leaves nothing running. */
async function main(options: BenchOptions): Promise<void> {
  if (options.render) return await renderAgain(await outputDirectory(options))
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => abort.abort(new Error(`interrupted by ${signal}`)))
  }
  const workshop = await openWorkshop(abort.signal, say)
  try {
    const report = await runBench(workshop, options)
    const directory = await outputDirectory(options)
    await writeReport(report, directory)
    say(`Wrote the report to ${directory}`)
  } finally {
    await workshop.stop()
  }
}

function say(line: string): void {
  const seconds = Math.round((performance.now() - started) / 1000)
  process.stdout.write(`[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}] ${line}\n`)
}

try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else await main(options)
} catch (error) {
  const { message, hint, kind } = toFailure(error, 'bench')
  process.stderr.write(`The benchmark failed: ${message}\n${hint}\n`)
  process.exitCode = kind === 'config' ? 2 : 3
}
