import type { Cluster } from '../../config/index.ts'
import { ballastVersion } from '../archive/version.ts'
import { Failure } from '../platform/failure.ts'
import { bootImage } from './boot/boot-image.ts'
import { testCluster } from './cluster/test-cluster.ts'
import type { ImageRole } from './image-facts.ts'
import { labHost } from './lab/lab-host.ts'
import { sealSuite } from './seal-suite.ts'
import { type TestCheck, type TestReport, testReportFormat, writeTestReport } from './test-report.ts'
import { readTestedImage, type TestedImage } from './tested-image.ts'

/** Which images are tested, and against which definition. */
export interface TestImagesOptions {
  cluster: Cluster
  /** The images' directories, each of another role. */
  directories: readonly string[]
  env: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
  /** Told of each check when it is done. */
  say: (line: string) => void
}

/**
 * Tests baked images: the files of each disk, the machines that boot from it and, where there is one of every role, all three
 * together. Each image gets a report about its very bytes beside it.
 */
export async function testImages(options: TestImagesOptions): Promise<TestReport[]> {
  const { cluster, directories } = options
  const images: TestedImage[] = []
  for (const directory of directories) images.push(await readTestedImage(directory, cluster))
  refuseTwice(images)
  const host = await labHost(options)
  const startedAt = new Date().toISOString()
  const alone = new Map<TestedImage, readonly TestCheck[]>()
  for (const image of images) alone.set(image, [...(await sealSuite(image, host)), ...(await bootImage(image, host))])
  const disks = disksOfAllRoles(images)
  const together = disks === undefined ? [] : await testCluster({ ...host, disks })
  return await Promise.all(
    images.map(async (image) => {
      const report = reportOf(image, startedAt, [...(alone.get(image) ?? []), ...together])
      await writeTestReport(image.directory, report)
      return report
    }),
  )
}

function refuseTwice(images: readonly TestedImage[]): void {
  const twice = images.find(({ role }, index) => images.findIndex((other) => other.role === role) !== index)
  if (twice === undefined) return
  throw new Failure(`two of the images are for the role ${twice.role}`, {
    ...{ kind: 'config', subject: twice.manifest.name, hint: 'Give one image of each role; run the test again for the other.' },
  })
}

function disksOfAllRoles(images: readonly TestedImage[]): Record<ImageRole, string> | undefined {
  const diskOf = (role: ImageRole) => images.find((image) => image.role === role)?.disk
  const [docker, primary, replica] = [diskOf('docker'), diskOf('primary'), diskOf('replica')]
  return docker === undefined || primary === undefined || replica === undefined ? undefined : { docker, primary, replica }
}

function reportOf({ manifest, file }: TestedImage, startedAt: string, checks: TestCheck[]): TestReport {
  return {
    ...{ format: testReportFormat, image: file, origin: manifest.origin, ballast: ballastVersion },
    ...{ startedAt, finishedAt: new Date().toISOString(), checks },
  }
}
