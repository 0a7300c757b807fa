import type { BenchReport } from '../results.ts'
import type { ChartFile } from './charts.ts'
import { paragraphs } from './markdown.ts'
import { planSection, scalingSection } from './scale-sections.ts'
import { cpuTable, memoryTable, setupSection, targetsSection, timesTable } from './sections.ts'

/** The whole of docs/benchmarks.md. `learned` is its hand-written part. */
export function renderDocument(report: BenchReport, charts: readonly ChartFile[], learned: string): string {
  const image = (name: string) => {
    const chart = charts.find((one) => one.name === name)
    return chart ? `![${chart.alt}](images/${chart.name})` : ''
  }
  return paragraphs(
    introduction(report),
    '## Goals',
    targetsSection(report),
    '## Backup',
    image('bench-backup.svg'),
    ...section('### Mixed database', timesTable(report, 'mixed', 'backup'), backrestNote),
    ...section('### One large table', timesTable(report, 'single', 'backup')),
    ...section('### Small tables', timesTable(report, 'small', 'backup')),
    image('bench-size.svg'),
    '## Restore and verify',
    image('bench-restore.svg'),
    ...section('### Mixed database, restore', timesTable(report, 'mixed', 'restore')),
    ...section('### One large table, restore', timesTable(report, 'single', 'restore')),
    ...section('### Mixed database, verify', timesTable(report, 'mixed', 'verify'), verifyNote),
    '## CPU time, and more cores',
    cpuNote,
    image('bench-cpu.svg'),
    ...(['mixed', 'single'] as const).flatMap((dataset) =>
      (['backup', 'restore'] as const).flatMap((operation) =>
        section(
          `### ${dataset === 'mixed' ? 'Mixed database' : 'One large table'}: CPU of ${operation}`,
          cpuTable(report, dataset, operation),
        ),
      ),
    ),
    '## Memory',
    image('bench-memory.svg'),
    memoryTable(report),
    memoryNote,
    ...section('## More workers', scalingSection(report)),
    ...section('## What a plan says', planSection(report)),
    learned,
    '## How it was measured',
    method,
    setupSection(report),
  )
}

function introduction({ takenAt, scale, rounds, machine }: BenchReport): string {
  const small = scale === 1 ? '' : ` **The data was scaled by ${scale}: read nothing into the times of a quick try.**`
  return `# Benchmarks

Ballast beside the stock tools, in one run on one machine, to and from the same S3 server. Taken on ${takenAt.slice(0, 10)} on ${machine.cores}
cores that the tools, PostgreSQL and the S3 server share; best of ${rounds} rounds, in which the tools take turns.${small}

This page is written by \`npm run bench\`, with its raw numbers in [benchmarks.json](benchmarks.json). Nothing here is typed by hand but
"What was learned".`
}

/** A heading with what belongs to it; nothing when its first part is empty. */
function section(heading: string, content: string, note = ''): string[] {
  return content === '' ? [] : [heading, content, note]
}

const backrestNote = `pgBackRest copies the server's files, with indexes and everything else that belongs to the server; it speaks to S3 over TLS only, so it
pays for encryption that the others do not.`

const verifyNote = `Verification restores the set into a scratch server of its own, compares the rows of every table with the digests taken at the source, and
runs \`pg_amcheck --heapallindexed\`. The CPU time and the time of that scratch server are in it; its memory is not.`

const cpuNote = `The CPU seconds of the best round. A command cannot end before its busiest thread or its busiest backend has done its work, however many cores
there are: that is where one stream per table ends, and what splitting tables over connections moves.`

const memoryNote = `The largest sum of the resident memory of the command with all its children, read every 20 ms; PostgreSQL servers are left out. Shared pages
count once per process, so the truth is a little lower.`

const method = `\`\`\`
npm run bench                       # everything, about half an hour, 20 GB of disk
npm run bench -- --scale 0.05       # a quick try; its report goes to a temporary directory
npm run bench -- --only restore     # some of it
npm run bench -- --only scaling     # more workers, to a store that is far away
\`\`\`

- One PostgreSQL server and one S3 server (versitygw), both on loopback and both sharing the cores with the tools. Each dataset is alone on the server.
- Time runs from the start of the command to its end, with the last byte confirmed by the store. Every pipeline runs with \`pipefail\` and every exit code is
  checked; a restored database must have the source's row counts, indexes and constraints, or the run ends there.
- Before each run: a checkpoint, \`sync\`, and, for restores, an empty database. The source is in the page cache for all.
- Server CPU time is that of the postmaster with all its children, those that have ended included; that of the tools is what the kernel accounts to the command.
  Watching costs about 2 % of one core, for all alike.
- Dumps run as the least-privileged backup role, restores as the superuser. \`pg_dump -Fd\` needs a local directory, \`pg_restore -j2\` a local archive: both are on the disk of the servers.`
