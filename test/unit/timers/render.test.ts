import { expect, test } from 'vitest'
import { env } from '../../../config/index.ts'
import { renderTimers } from '../../../functions/timers/render.ts'
import { fileCluster, referenceCluster, sampleCluster } from '../../support/clusters.ts'

const place = { program: '/opt/ballast/bin/ballast', definition: '/etc/ballast/cluster.json' }

function fileOf(cluster: Parameters<typeof renderTimers>[0], name: string): string {
  return renderTimers(cluster, place).files.find(({ path }) => path.endsWith(`/${name}`))?.text ?? ''
}

const settingsOf = (text: string, key: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []))

test('the reference cluster, file by file', () => {
  const { files, leftOut, credentialFiles } = renderTimers(referenceCluster, place)
  expect({ leftOut, credentialFiles }).toMatchSnapshot()
  expect(files.map(({ path, text }) => `### ${path}\n${text}`).join('\n')).toMatchSnapshot()
})

test('the same definition gives the same bytes', () => {
  expect(renderTimers(fileCluster(), place)).toEqual(renderTimers(fileCluster(), place))
})

test('what has a schedule and no timer is named with the reason', () => {
  const schedules = { schedule: 'quarterly on 1 at 04:00', restoreTest: 'monthly on 1 at 09:00' }
  const { entries, leftOut } = renderTimers(sampleCluster({ 'handover.drills': schedules }), place)
  const reason = expect.stringContaining('file it with `ballast rehearse`')
  expect(leftOut).toEqual([
    { operation: 'restore-test', schedule: 'monthly on 1 at 09:00', reason },
    { operation: 'drill', schedule: 'quarterly on 1 at 04:00', reason },
  ])
  expect(entries.map(({ operation }) => operation)).not.toContain('rehearse')
})

test('drills by schedule are done on a sandbox, never on the cluster, and filed in their store', () => {
  const cluster = fileCluster({ 'handover.drills': { schedule: 'quarterly on 1 at 04:00', by: 'sandbox', store: 'nas' } })
  const { entries, leftOut } = renderTimers(cluster, place)
  expect(entries.map(({ operation }) => operation)).toContain('rehearse')
  expect(leftOut.map(({ operation }) => operation)).not.toContain('drill')
  const text = fileOf(cluster, 'ballast-shop-rehearse.service')
  expect(settingsOf(text, 'ExecStart')[0]).toMatch(/ rehearse --sandbox --file --config /)
  expect(settingsOf(text, 'TimeoutStartSec')).toEqual(['3600'])
  expect(settingsOf(text, 'OnFailure')).toEqual(['ballast-shop-alert@%n.service'])
  expect(settingsOf(text, 'Nice')).toEqual(['10'])
})

test.each<[string, string[]]>([
  ['backup-daily', ['BACKUP_PASSWORD', 'HEARTBEAT_URL', 'SLACK_WEBHOOK', 'SPACES_KEY', 'file.etc.ballast.spaces-secret']],
  ['verify', ['HEARTBEAT_URL', 'SLACK_WEBHOOK', 'SPACES_KEY', 'file.etc.ballast.spaces-secret']],
  ['retention', ['SLACK_WEBHOOK', 'SPACES_KEY', 'file.etc.ballast.spaces-secret']],
  ['replication', ['SLACK_WEBHOOK', 'SPACES_KEY', 'file.etc.ballast.monitor_20100_25', 'file.etc.ballast.spaces-secret']],
  ['alert@', ['SLACK_WEBHOOK', 'SPACES_KEY', 'file.etc.ballast.spaces-secret']],
])('%s gets its own credentials and no other', (unit, names) => {
  const text = fileOf(fileCluster(), `ballast-shop-${unit}.service`)
  expect(settingsOf(text, 'LoadCredential').map((value) => value.split(':')[0])).toEqual(names)
  expect(settingsOf(text, 'SetCredential')).toEqual(names.map((name) => `${name}:\\n`))
})

test('a secret comes from its file, or from the directory of credentials where the definition names a variable', () => {
  const text = fileOf(fileCluster(), 'ballast-shop-replication.service')
  expect(settingsOf(text, 'LoadCredential')).toContain('file.etc.ballast.monitor_20100_25:/etc/ballast/monitor 100%%')
  expect(settingsOf(text, 'LoadCredential')).toContain('SLACK_WEBHOOK:/etc/ballast/credentials/SLACK_WEBHOOK')
  expect(text).not.toMatch(/Environment=.*(SLACK|SPACES)/)
})

test('a database of another slot gives its password to that slot alone', () => {
  const cluster = fileCluster({
    databases: [
      { name: 'shop', owner: 'o' },
      { name: 'ledger', owner: 'o', connection: { password: env('LEDGER_PASSWORD') } },
    ],
    'backup.schedule': [
      { slot: 'daily', when: 'daily at 03:00' },
      { slot: 'often', when: 'every 6 hours', databases: ['shop'] },
    ],
  })
  const given = (slot: string) => settingsOf(fileOf(cluster, `ballast-shop-backup-${slot}.service`), 'LoadCredential').join(' ')
  expect(given('daily')).toContain('LEDGER_PASSWORD')
  expect(given('often')).not.toContain('LEDGER_PASSWORD')
  expect(given('often')).toContain('BACKUP_PASSWORD')
})

test.each([
  ['a store without a key pair', {}],
  ['a secret of AWS', { alerts: { channels: [{ type: 'slack', name: 'chat', webhook: { secret: 'chat' } }] } }],
  ['a topic', { alerts: { channels: [{ type: 'sns', name: 'ops', topicArn: 'arn:aws:sns:sa-east-1:123456789012:ballast' }] } }],
  [
    'mail through Amazon',
    { alerts: { channels: [{ type: 'email', name: 'm', from: 'a@example.com', to: ['b@example.com'] }] } },
  ],
])('%s makes the AWS credentials file known to the service, which may be missing', (what, changes) => {
  const cluster = what === 'a store without a key pair' ? sampleCluster() : fileCluster(changes)
  const text = fileOf(cluster, 'ballast-shop-verify.service')
  expect(settingsOf(text, 'LoadCredential')).toContain('aws.credentials:/etc/ballast/credentials/aws.credentials')
  expect(settingsOf(text, 'SetCredential')).toContain('aws.credentials:\\n')
  expect(settingsOf(text, 'Environment')).toContain('AWS_SHARED_CREDENTIALS_FILE=%d/aws.credentials')
})

test.each<[string, boolean]>([
  ['copies', true],
  ['retention', true],
  ['backup-daily', false],
  ['verify', false],
])('the directory of a copy: may %s write there? %s', (unit, writes) => {
  const text = fileOf(fileCluster(), `ballast-shop-${unit}.service`)
  expect(settingsOf(text, 'ReadWritePaths')).toEqual(writes ? ['"/mnt/nas box/50%%/ballast"'] : [])
  expect(settingsOf(text, 'RequiresMountsFor')).toEqual(writes ? ['"/mnt/nas box/50%%/ballast"'] : [])
})

test('the alert is sent also where a directory is missing', () => {
  const text = fileOf(fileCluster({ 'alerts.store': 'nas' }), 'ballast-shop-alert@.service')
  expect(settingsOf(text, 'ReadWritePaths')).toEqual(['"-/mnt/nas box/50%%/ballast"'])
  expect(settingsOf(text, 'RequiresMountsFor')).toEqual([])
  expect(settingsOf(text, 'OnFailure')).toEqual([])
})

test('a state directory elsewhere is made by tmpfiles and opened to the services', () => {
  const cluster = fileCluster({ 'runtime.timers.stateDirectory': '/srv/ballast state' })
  const text = fileOf(cluster, 'ballast-shop-verify.service')
  expect(settingsOf(text, 'StateDirectory')).toEqual([])
  expect(settingsOf(text, 'ReadWritePaths')).toEqual(['"/srv/ballast state"'])
  expect(fileOf(cluster, 'tmpfiles.d/ballast-shop.conf')).toContain('d "/srv/ballast state" 0750 ballast ballast -')
})

test('a state directory with quotes is one word of its environment all the same', () => {
  const text = fileOf(fileCluster({ 'runtime.timers.stateDirectory': '/srv/the "old" one\\2' }), 'ballast-shop-verify.service')
  expect(settingsOf(text, 'Environment')).toContain('"HOME=/srv/the \\"old\\" one\\\\2"')
})

test.each([
  ['every 1 minute', 6],
  ['every 15 minutes', 90],
  ['every 1 hour', 120],
])('a poll %s is put off by at most %i s, always by the same', (when, seconds) => {
  const text = fileOf(sampleCluster({ 'replication.schedule': when }), 'ballast-shop-replication.timer')
  expect(settingsOf(text, 'RandomizedDelaySec')).toEqual([String(seconds)])
  expect(settingsOf(text, 'FixedRandomDelay')).toEqual(['yes'])
})

test('no jitter means none', () => {
  const text = fileOf(sampleCluster({ 'runtime.timers.jitter': '0 s' }), 'ballast-shop-verify.timer')
  expect(settingsOf(text, 'RandomizedDelaySec')).toEqual([])
})

test('a backup may take its limit and some minutes to end by itself', () => {
  const cluster = sampleCluster({ 'backup.limits.duration': '3 hours' })
  expect(settingsOf(fileOf(cluster, 'ballast-shop-backup-daily.service'), 'TimeoutStartSec')).toEqual(['11100'])
})

test.each([
  ['every 1 minute', '120'],
  ['every 5 minutes', '300'],
  ['every 1 hour', '600'],
])('a look %s may take %s s', (when, seconds) => {
  const text = fileOf(sampleCluster({ 'replication.schedule': when }), 'ballast-shop-replication.service')
  expect(settingsOf(text, 'TimeoutStartSec')).toEqual([seconds])
})
