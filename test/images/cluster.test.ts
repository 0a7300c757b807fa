import { beforeAll, expect, test } from 'vitest'
import { clusterCheckNames, testCluster } from '../../functions/images/cluster/test-cluster.ts'
import { labHost } from '../../functions/images/lab/lab-host.ts'
import type { TestCheck } from '../../functions/images/test-report.ts'
import { readTestedImage } from '../../functions/images/tested-image.ts'
import { imageDirectory } from './image-directory.ts'
import cluster from './lab.config.ts'

let checks: readonly TestCheck[]

beforeAll(async () => {
  const say = (line: string): void => console.log(line)
  const host = await labHost({ cluster, env: process.env, say })
  const diskOf = async (role: 'docker' | 'primary' | 'replica') => (await readTestedImage(imageDirectory(role), cluster)).disk
  const disks = { docker: await diskOf('docker'), primary: await diskOf('primary'), replica: await diskOf('replica') }
  checks = await testCluster({ ...host, disks })
})

test.each(clusterCheckNames)('%s', (name) => {
  const found = checks.find((check) => check.name === name)
  expect(found).toEqual({ suite: 'cluster', name, status: 'passed', detail: expect.any(String) })
})
