import { expect, test } from 'vitest'
import { env } from '../../../config/index.ts'
import { placeProblems } from '../../../functions/timers/place-problems.ts'
import { sampleCluster } from '../../support/clusters.ts'

const good = { program: '/opt/ballast/bin/ballast', definition: '/etc/ballast/cluster.json' }
const mail = {
  ...{ type: 'email', name: 'mail', from: 'a@example.com', to: ['b@example.com'] },
  smtp: { host: 'smtp.example.com', rootCertificate: '/tmp/smtp.crt' },
}

test('nothing is wrong with the usual places', () => {
  expect(placeProblems(sampleCluster(), good)).toEqual([])
})

test.each([
  [{ ...good, program: '/home/Ana/ballast/bin/ballast' }, {}, 'the program', 'is in /home'],
  [{ ...good, definition: ['', 'root', 'cluster.json'].join('/') }, {}, 'the definition', 'is in /root'],
  [{ ...good, definition: '/etc/my cluster.json' }, {}, 'the definition', 'quoted'],
  [good, { 'backup.stores[1].directory': '/tmp/sets' }, 'store nas', 'is in /tmp'],
  [good, { 'postgres.tls': { rootCertificate: '/home/Ana/root.crt' } }, 'the root certificate of shop', 'is in /home'],
  [
    good,
    { 'postgres.tls': { rootCertificate: '/home/Ana/root.crt' }, 'databases[0].connection': { url: env('SHOP_URL') } },
    'postgres.tls.rootCertificate',
    'is in /home',
  ],
  [good, { alerts: { channels: [mail] } }, 'the root certificate of channel mail', 'is in /tmp'],
])('%o %o', (place, changes, what, fault) => {
  const problems = placeProblems(sampleCluster(changes), place)
  expect(problems).toEqual([expect.objectContaining({ what, fault: expect.stringContaining(fault) })])
})

test('a directory whose name only begins alike is seen', () => {
  expect(placeProblems(sampleCluster(), { ...good, program: '/homes/ballast/bin/ballast' })).toEqual([])
})
