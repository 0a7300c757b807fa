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

/** Installs Debian packages without starting or enabling a service and without creating a database cluster. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const removeAfterwards = await placeGuards()
  try {
    await aptGet(['update'])
    await aptGet(['install', '--yes', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', ...packages])
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

/** Debian enables a new package's service for the next boot; only packages that were just installed are touched. */
async function disableServices(packages: readonly string[]): Promise<void> {
  if (!packages.includes('pgbouncer') || !existsSync('/usr/bin/systemctl')) return
  await run({ command: '/usr/bin/systemctl', args: ['disable', '--quiet', 'pgbouncer.service'], env }).catch(() => undefined)
}

function aptGet(args: readonly string[]): Promise<unknown> {
  return run({ command: '/usr/bin/apt-get', args: ['-qq', ...args], env, timeoutMs: aptWithinMs })
}
