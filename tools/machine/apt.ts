import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { run } from '../../functions/platform/process/run.ts'

/** Programs that packages bring must not start as services, and PostgreSQL's must not create a system cluster. */
const policyFile = '/usr/sbin/policy-rc.d'
const clusterFile = '/etc/postgresql-common/createcluster.d/ballast-setup.conf'
const policy = '#!/bin/sh\n# Made by the set-up of Ballast while it installs packages, and removed by it.\nexit 101\n'
const noCluster =
  '# Made by the set-up of Ballast while it installs packages, and removed by it.\ncreate_main_cluster = false\n'

const aptWithinMs = 15 * 60_000
const env = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  DEBIAN_FRONTEND: 'noninteractive',
  LC_ALL: 'C.UTF-8',
}

/** Whether packages can be installed here: Debian or Ubuntu, and root. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/**
 * Installs Debian packages without starting or enabling a service and without creating a database cluster.
 *
 * @param suite what they and the packages that they need come from, in place of the machine's own choice.
 */
export async function installPackages(packages: readonly string[], suite?: string): Promise<void> {
  if (packages.length === 0) return
  const from = suite === undefined ? [] : ['--target-release', suite]
  const removeAfterwards = await placeGuards()
  try {
    await aptGet(['update'])
    await aptGet(['install', '--yes', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', ...from, ...packages])
    await disableServices(packages)
  } finally {
    for (const path of removeAfterwards) await rm(path, { force: true })
  }
}

/** A policy that is there already belongs to the machine's owner and stays as it is. */
async function placeGuards(): Promise<string[]> {
  const placed: string[] = []
  if (!existsSync(policyFile)) {
    await writeFile(policyFile, policy, { mode: 0o755 })
    placed.push(policyFile)
  }
  await mkdir(dirname(clusterFile), { recursive: true })
  await writeFile(clusterFile, noCluster)
  placed.push(clusterFile)
  return placed
}

/** Packages whose service Debian enables for the next boot. */
const serviceOf: Readonly<Record<string, string>> = {
  pgbouncer: 'pgbouncer.service',
  'prometheus-postgres-exporter': 'prometheus-postgres-exporter.service',
}

/** Only packages that were just installed are touched. */
async function disableServices(packages: readonly string[]): Promise<void> {
  const services = packages.flatMap((name) => serviceOf[name] ?? [])
  if (services.length === 0 || !existsSync('/usr/bin/systemctl')) return
  await run({ command: '/usr/bin/systemctl', args: ['disable', '--quiet', ...services], env }).catch(() => undefined)
}

/** Runs apt-get, and returns what it wrote. */
export async function aptGet(args: readonly string[]): Promise<string> {
  const { stdout } = await run({ command: '/usr/bin/apt-get', args: ['-qq', ...args], env, timeoutMs: aptWithinMs })
  return stdout
}
