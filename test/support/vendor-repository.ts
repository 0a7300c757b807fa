import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A vendor's repository of Debian packages, signed with a key of its own, on loopback. */
export interface VendorRepository {
  url: string
  /** Of the key at `<url>/key.asc`; `<url>/two-keys.asc` has another one as well. */
  fingerprint: string
  /** The one package that it offers. */
  package: string
  close(): void
}

const suite = 'trixie'
const component = 'stable'

/** Makes the repository, with its key, and serves it. */
export async function serveVendorRepository(): Promise<VendorRepository> {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-vendor-'))
  const name = 'ballast-vendor-tool'
  const env = { PATH: '/usr/bin:/bin', GNUPGHOME: join(directory, 'keys'), LC_ALL: 'C.UTF-8' }
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--batch', '--quiet', ...args], { env, encoding: 'utf8', stdio: 'pipe' })
  mkdirSync(env.GNUPGHOME, { mode: 0o700 })
  const fingerprint = makeKey(gpg, 'vendor')
  writeFileSync(join(directory, 'key.asc'), gpg('--armor', '--export', fingerprint))
  makeKey(gpg, 'another')
  writeFileSync(join(directory, 'two-keys.asc'), gpg('--armor', '--export'))
  writeIndex(directory, makePackage(directory, name))
  gpg('--local-user', fingerprint, '--clearsign', '--output', release(directory, 'InRelease'), release(directory, 'Release'))
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(directory, new URL(request.url ?? '', 'http://x').pathname)))
    } catch {
      response.writeHead(404).end()
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = (): void => {
    server.close()
    rmSync(directory, { recursive: true })
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fingerprint, package: name, close }
}

function makeKey(gpg: (...args: string[]) => string, name: string): string {
  gpg('--passphrase', '', '--quick-generate-key', `${name}@example.com`, 'ed25519', 'sign', 'never')
  const listed = gpg('--with-colons', '--list-keys', `${name}@example.com`)
  return /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? ''
}

function makePackage(directory: string, name: string): string {
  const tree = join(directory, 'tree')
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true, mode: 0o755 })
  const fields = {
    Package: name,
    Version: '1.0',
    Architecture: 'all',
    Maintainer: 'Vendor <vendor@example.com>',
    Description: 'tool',
  }
  const control = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`)
  writeFileSync(join(tree, 'DEBIAN/control'), control.join(''))
  const file = `${name}.deb`
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, join(directory, file)], { stdio: 'ignore' })
  const bytes = readFileSync(join(directory, file))
  return `${control.join('')}Filename: ${file}\nSize: ${bytes.byteLength}\nSHA256: ${sha256(bytes)}\n`
}

function writeIndex(directory: string, packages: string): void {
  const path = `${component}/binary-all/Packages`
  mkdirSync(release(directory, `${component}/binary-all`), { recursive: true })
  writeFileSync(release(directory, path), packages)
  const facts = `Suite: ${suite}\nCodename: ${suite}\nArchitectures: all amd64 arm64\nComponents: ${component}\n`
  const date = `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}\n`
  writeFileSync(release(directory, 'Release'), `${facts}${date}SHA256:\n ${sha256(packages)} ${packages.length} ${path}\n`)
}

function release(directory: string, file: string): string {
  return join(directory, 'dists', suite, file)
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
