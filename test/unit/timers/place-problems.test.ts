import { expect, test } from 'vitest'
import { placeProblems } from '../../../functions/timers/place-problems.ts'
import { sampleCluster } from '../../support/clusters.ts'

const good = { program: '/opt/ballast/bin/ballast', definition: '/etc/ballast/cluster.json' }

test('nothing is wrong with the usual places', () => {
  expect(placeProblems(sampleCluster(), good)).toEqual([])
})

test.each([
  [{ ...good, program: '/home/Ana/ballast/bin/ballast' }, {}, 'the program', 'is in /home'],
  [{ ...good, definition: ['', 'root', 'cluster.json'].join('/') }, {}, 'the definition', 'is in /root'],
  [{ ...good, definition: '/etc/my cluster.json' }, {}, 'the definition', 'quoted'],
  [good, { 'backup.stores[1].directory': '/tmp/sets' }, 'store nas', 'is in /tmp'],
  [good, { 'postgres.tls': { rootCertificate: '/home/Ana/root.crt' } }, 'the root certificate of shop', 'is in /home'],
])('%o %o', (place, changes, what, fault) => {
  const problems = placeProblems(sampleCluster(changes), place)
  expect(problems).toEqual([expect.objectContaining({ what, fault: expect.stringContaining(fault) })])
})

test('a directory whose name only begins alike is seen', () => {
  expect(placeProblems(sampleCluster(), { ...good, program: '/homes/ballast/bin/ballast' })).toEqual([])
})
