import { describe, expect, it } from 'vitest'
import { checkCluster } from '../../../config/index.ts'
import { alerts } from './bad/alerts.ts'
import type { BadDefinition } from './bad/bad-definition.ts'
import { builders } from './bad/builders.ts'
import { docker } from './bad/docker.ts'
import { images } from './bad/images.ts'
import { machines } from './bad/machines.ts'
import { names } from './bad/names.ts'
import { networks } from './bad/networks.ts'
import { pools } from './bad/pools.ts'
import { promises } from './bad/promises.ts'
import { quantitiesAndSchedules } from './bad/quantities-and-schedules.ts'
import { schedulesAgainstEachOther } from './bad/schedules-against-each-other.ts'
import { secretsAndLiterals } from './bad/secrets-and-literals.ts'
import { serverSettings } from './bad/server-settings.ts'
import { singleFields } from './bad/single-fields.ts'
import { stores } from './bad/stores.ts'
import { topology } from './bad/topology.ts'
import { problemLines } from './problem-lines.ts'
import { changed, sample } from './sample.ts'

const tables: Readonly<Record<string, readonly BadDefinition[]>> = {
  'single fields': singleFields,
  'quantities and schedules': quantitiesAndSchedules,
  'secrets and literals': secretsAndLiterals,
  topology,
  pools,
  names,
  networks,
  stores,
  'schedules against each other': schedulesAgainstEachOther,
  alerts,
  images,
  builders,
  machines,
  'server settings': serverSettings,
  docker,
  promises,
}

it('accepts the sample that the tables spoil', () => {
  expect(problemLines(() => checkCluster(sample))).toEqual([])
})

it('refuses more than a hundred things that would otherwise reach Packer or a machine', () => {
  const ofImages = [images, builders, machines, serverSettings, docker, networks].flat()
  expect(new Set(ofImages.map(({ lines }) => lines.join('\n'))).size).toBeGreaterThan(100)
})

describe.each(Object.entries(tables))('%s', (_name, table) => {
  it.each(table.map(({ changes, lines }, index) => ({ title: `${index + 1}: ${lines[0]}`, changes, lines })))(
    '$title',
    ({ changes, lines }) => {
      expect(problemLines(() => checkCluster(changed(sample, changes)))).toEqual(lines)
    },
  )
})
