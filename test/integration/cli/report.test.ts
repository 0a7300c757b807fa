import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test } from 'vitest'
import { keepRecord } from '../../../handover/records/kept-records.ts'
import type { RunRecord } from '../../../handover/records/verdict.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { passingRecords, troubledRecords } from '../../support/handover-scenes.ts'

const cli = useCommandLine(() => ({}))
const config = fileURLToPath(new URL('../../../ballast.config.ts', import.meta.url))
const inResults = (...parts: string[]): string => join(cli.directory(), 'results', 'shop', ...parts)
const files = async (): Promise<string[]> => (await readdir(inResults('report')).catch(() => [])).sort()
const bytesOf = async (): Promise<string[]> =>
  await Promise.all((await files()).map(async (name) => (await readFile(inResults('report', name))).toString('base64')))

async function keep(records: readonly RunRecord[]): Promise<void> {
  for (const record of records) await keepRecord(join(cli.directory(), 'results'), record)
}

beforeEach(() => rm(join(cli.directory(), 'results'), { recursive: true, force: true }))

test('all that was promised and shown is a report that passed: pages, PDFs, JSON and XML, the same every time', async () => {
  await keep(passingRecords())
  const { code, stdout, stderr } = await cli.run(['report', '--config', config])
  expect(stdout).toBe('Loja Exemplo: passed; 14 of 14 required tests passed, 9 of 9 goals met\n')
  expect(code).toBe(0)
  const written = [
    'report.en.html',
    'report.en.pdf',
    'report.json',
    'report.junit.xml',
    'report.pt-BR.html',
    'report.pt-BR.pdf',
  ]
  expect(await files()).toEqual(written)
  for (const name of written) expect(stderr).toContain(`wrote ${inResults('report', name)}\n`)
  const first = await bytesOf()
  expect((await cli.run(['report', '--config', config])).code).toBe(0)
  expect(await bytesOf()).toEqual(first)
})

test('what failed or is missing is said, and the exit code is 1', async () => {
  await keep(troubledRecords())
  const { code, outcome } = await cli.outcome(['report', '--config', config, '--language', 'en', '--out', 'handover'])
  expect(code).toBe(1)
  expect(outcome).toMatchObject({
    ...{ operation: 'report', subject: 'shop', ok: false },
    failure: {
      kind: 'unwell',
      message:
        'the handover of shop is failed: stress failed; point-in-time not run (outdated); replica-cut-off failed; disk-filling not run (interrupted); rejoin not run (skipped)',
    },
    numbers: { verdict: 'failed', goals: 9, goalsMet: 8, testsPassed: 11, testsFailed: 2, testsNotRun: 6 },
  })
  expect((await readdir(join(cli.directory(), 'handover'))).sort()).toEqual([
    'report.en.html',
    'report.en.pdf',
    'report.json',
    'report.junit.xml',
  ])
})

test('without any record the report is there, and incomplete', async () => {
  const { code, stdout } = await cli.run(['report', '--config', config])
  expect(code).toBe(1)
  expect(stdout).toBe('Loja Exemplo: INCOMPLETE; 0 of 14 required tests passed, 0 of 9 goals met\n')
  expect(await readFile(inResults('report', 'report.en.html'), 'utf8')).toContain('This is not a pass.')
})

test('without Chromium everything but the PDF is written, an older PDF is gone, and it is said what to do', async () => {
  await keep(passingRecords())
  await mkdir(inResults('report'), { recursive: true })
  await writeFile(inResults('report', 'report.en.pdf'), 'of an earlier report')
  const programs = await mkdtemp(join(tmpdir(), 'ballast-programs-'))
  try {
    for (const name of ['sh', 'readlink', 'dirname', 'basename', 'uname', 'env'])
      await symlink(`/usr/bin/${name}`, join(programs, name))
    const { code, stderr } = await cli.run(['report', '--config', config], { PATH: programs })
    expect(stderr).toContain('there is no Chromium on this machine to print the PDF with')
    expect(stderr).toContain('apt-get install chromium')
    expect(code).toBe(2)
    expect(await files()).toEqual(['report.en.html', 'report.json', 'report.junit.xml', 'report.pt-BR.html'])
  } finally {
    await rm(programs, { recursive: true, force: true })
  }
})

test('a record that is none is refused, and no report is made without it', async () => {
  await keep(passingRecords())
  await writeFile(inResults('20261124T120000Z-drill-rejoin.json'), '{"kind":"drill"}')
  const { code, stderr } = await cli.run(['report', '--config', config])
  expect(code).toBe(3)
  expect(stderr).toContain('a record of a test is not what this version of Ballast writes')
  expect(await files()).toEqual([])
})
