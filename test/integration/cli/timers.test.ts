import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { changed, sample } from '../../unit/config/sample.ts'

const cli = useCommandLine(() => ({}))
const options = ['--config', 'cluster.json']
const units = () => join(cli.directory(), 'out/etc/systemd/system')

async function define(changes: Record<string, unknown> = {}): Promise<void> {
  await writeFile(join(cli.directory(), 'cluster.json'), JSON.stringify(changed(sample, changes)))
}

beforeEach(async () => {
  await rm(join(cli.directory(), 'out'), { recursive: true, force: true })
  await define()
})

test('render prints every file under its path, and says on stderr what has no timer', async () => {
  await define({ 'handover.drills.schedule': 'quarterly on 1 at 04:00' })
  const { code, stdout, stderr } = await cli.run(['timers', 'render', ...options])
  expect(code).toBe(0)
  expect(stdout).toContain(
    '### /etc/systemd/system/ballast-shop-backup-daily.timer\n# Made by `ballast timers` for the cluster "shop"',
  )
  expect(stdout).toContain(`bin/ballast run backup --slot daily --config ${cli.directory()}/cluster.json\n`)
  expect(stderr).toBe(
    'No timer for drill (quarterly on 1 at 04:00): people do it, and file it with `ballast rehearse`; freshness warns when it is due, and alarms when that was not done.\n',
  )
})

test('render writes below a directory, again without a change, and removes what is stale', async () => {
  const first = await cli.outcome(['timers', 'render', ...options, '--out', 'out'])
  expect(first).toMatchObject({ code: 0, outcome: { numbers: { filesSame: 0, filesRemoved: 0 } } })
  expect(await readdir(units())).toContain('ballast-shop-verify.timer')
  const again = await cli.outcome(['timers', 'render', ...options, '--out', 'out'])
  expect(again.outcome.numbers).toMatchObject({ filesNew: 0, filesChanged: 0, filesSame: first.outcome.numbers.filesNew })

  await writeFile(join(units(), 'ballast-of-somebody.service'), '[Service]\n')
  await define({ 'backup.schedule': [{ slot: 'nightly', when: 'daily at 03:00' }] })
  const other = await cli.run(['timers', 'render', ...options, '--out', 'out'])
  expect(other.stdout).toMatch(/^removed +etc\/systemd\/system\/ballast-shop-backup-daily\.timer$/m)
  const names = await readdir(units())
  expect(names.filter((name) => name.includes('daily') || name.startsWith('.'))).toEqual([])
  expect(names).toEqual(expect.arrayContaining(['ballast-shop-backup-nightly.timer', 'ballast-of-somebody.service']))
})

test('--check writes nothing, and exits with 1 when something is not as rendered', async () => {
  const check = ['timers', 'render', ...options, '--out', 'out', '--check']
  expect((await cli.run(check)).code).toBe(1)
  await cli.run(['timers', 'render', ...options, '--out', 'out'])
  expect(await cli.run(check)).toMatchObject({ code: 0, stderr: '' })

  const path = join(units(), 'ballast-shop-verify.timer')
  const edited = (await readFile(path, 'utf8')).replace('05:00', '06:00')
  await writeFile(path, edited)
  const { code, outcome } = await cli.outcome(check)
  expect(code).toBe(1)
  expect(outcome.failure?.message).toBe(
    'not as the definition makes it: etc/systemd/system/ballast-shop-verify.timer (changed)',
  )
  expect(await readFile(path, 'utf8')).toBe(edited)
})

test('a file of another cluster is not overwritten', async () => {
  await cli.run(['timers', 'render', ...options, '--out', 'out'])
  const path = join(units(), 'ballast-shop-verify.timer')
  const text = (await readFile(path, 'utf8')).replace('cluster "shop"', 'cluster "other"')
  await writeFile(path, text)
  const { code, outcome } = await cli.outcome(['timers', 'render', ...options, '--out', 'out'])
  expect(code).toBe(2)
  expect(outcome.failure?.message).toContain('it belongs to the cluster "other"')
  expect(await readFile(path, 'utf8')).toBe(text)
})

test.each([
  [['timers', 'render'], 'this works with the definition of a cluster, and there is none here'],
  [['timers', 'render', ...options, '--check'], '--check is given without --out'],
  [['timers', 'install', ...options], 'which the services do not see'],
])('%j is refused', async (args, message) => {
  const { code, outcome } = await cli.outcome(args)
  expect(code).toBe(2)
  expect(outcome.failure?.message).toContain(message)
})

test('a failed unit: no other than the definition makes, and nobody is told where there is no channel', async () => {
  const unit = 'ballast-shop-verify.service'
  expect((await cli.outcome(['alert', 'unit', ...options, '--name', 'nginx.service'])).outcome).toMatchObject({
    failure: { kind: 'config', message: 'the definition makes no nginx.service' },
  })
  const { code, outcome } = await cli.outcome(['alert', 'unit', ...options, '--name', unit])
  expect({ code, ok: outcome.ok, numbers: outcome.numbers }).toEqual({
    ...{ code: 0, ok: true, numbers: { checksOk: 0, checksWarn: 0, checksFailed: 0 } },
  })
})
