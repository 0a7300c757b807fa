import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ClusterInput, defineCluster } from '../../../config/index.ts'
import { roleFiles } from '../../../packer/files/role-files.ts'
import { type BootedSystemd, bootSystemd, type MachineEnd, systemdBoots } from '../../support/booted-systemd.ts'
import { serveVendorRepository, type VendorRepository } from '../../support/vendor-repository.ts'
import { changed, sample } from '../../unit/config/sample.ts'

const scripts = fileURLToPath(new URL('../../../image-scripts', import.meta.url))
const cluster = defineCluster(changed(sample, { 'docker.packages': 'docker' }) as unknown as ClusterInput)

describe.runIf(systemdBoots)('packages of a vendor', () => {
  let vendor: VendorRepository
  let machine: BootedSystemd
  const step = (verb: string): Promise<MachineEnd> => machine.run('bash', [`/tmp/ballast/image-scripts/${verb}.sh`])
  const sh = (script: string): Promise<MachineEnd> => machine.run('bash', ['-c', script])

  beforeAll(async () => {
    vendor = await serveVendorRepository()
    machine = await bootSystemd()
    await sh('rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*')
  })
  afterAll(async () => {
    await machine.close()
    vendor.close()
  })

  /** The files that are rendered for Docker's repository, with the repository and the key of the test in its place. */
  async function stage(key: { url: string; fingerprint: string }): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'ballast-stage-'))
    try {
      for (const { path, content } of roleFiles(cluster, 'docker')) {
        mkdirSync(dirname(join(directory, 'root', path)), { recursive: true })
        writeFileSync(join(directory, 'root', path), ownContent(path, content, key))
      }
      execFileSync('cp', ['-R', scripts, directory])
      const packed = execFileSync('tar', ['-C', directory, '-c', '.'], { encoding: 'utf8' })
      await machine.run('bash', ['-c', 'rm -rf /tmp/ballast && mkdir /tmp/ballast && tar -C /tmp/ballast -x'], packed)
    } finally {
      rmSync(directory, { recursive: true })
    }
  }

  function ownContent(path: string, content: string, { url, fingerprint }: { url: string; fingerprint: string }): string {
    if (path.endsWith('/docker.sources')) return content.replace(/^URIs: .*$/m, `URIs: ${vendor.url}`)
    if (path === '/etc/ballast/repository-keys') return content.replace(/ [0-9A-F]{40} \S+/, ` ${fingerprint} ${url}`)
    return path === '/etc/ballast/packages' ? `${vendor.package}\n` : content
  }

  test('a key with another fingerprint is refused, and nothing of it stays', async () => {
    const wrong = '0'.repeat(40)
    await stage({ url: `${vendor.url}/key.asc`, fingerprint: wrong })
    const said = await step('add-repositories')
    expect(said.code).toBe(1)
    expect(said.stderr).toContain(`the key at ${vendor.url}/key.asc is ${vendor.fingerprint}, not ${wrong}: ask the vendor`)
    expect((await sh('ls /etc/apt/keyrings/docker.asc* /etc/apt/sources.list.d/*')).stdout).toBe('')
    expect((await step('verify/add-repositories')).stdout).toMatch(
      /docker\.sources differs from .*\n.*docker\.asc, which .* is missing/,
    )
  })

  test('a file with more keys than the one is refused', async () => {
    await stage({ url: `${vendor.url}/two-keys.asc`, fingerprint: vendor.fingerprint })
    const said = await step('add-repositories')
    expect(said.code).toBe(1)
    expect(said.stderr).toContain(`is no single key, not ${vendor.fingerprint}`)
  })

  test('a key that cannot be had is an error that says where it was looked for', async () => {
    await stage({ url: `${vendor.url}/no-such-key`, fingerprint: vendor.fingerprint })
    const said = await step('add-repositories')
    expect(said.code).toBe(1)
    expect(said.stderr).toContain(`the repository's key could not be fetched from ${vendor.url}/no-such-key`)
  })

  test('with its one key, packages are installed from it, and a second time nothing is done', async () => {
    await stage({ url: `${vendor.url}/key.asc`, fingerprint: vendor.fingerprint })
    expect((await step('verify/install-packages')).stdout).toContain(`package ${vendor.package} is not installed`)
    expect(await step('add-repositories')).toMatchObject({ code: 0 })
    expect(await step('verify/add-repositories')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await step('install-packages')).toMatchObject({ code: 0 })
    expect(await step('verify/install-packages')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect((await step('install-packages')).stdout).toBe('All packages are installed already.\n')
  })

  test('a repository that cannot be read is an error, not a warning', async () => {
    await sh(
      `apt-get purge --yes ${vendor.package}; sed -i 's/^Suites: .*/Suites: gone/' /etc/apt/sources.list.d/docker.sources`,
    )
    const said = await step('install-packages')
    expect(said.code).not.toBe(0)
    expect(said.stderr).toMatch(/gone/)
  })
})
