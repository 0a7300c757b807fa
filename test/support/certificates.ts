import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serverAccount } from '../../functions/platform/postgres/server-account.ts'

/** What a certificate says. */
export interface CertificateWish {
  commonName: string
  /** Such as `DNS:localhost,IP:127.0.0.1`; none without it. */
  alternativeNames?: string
  /** Valid yesterday only. */
  expired?: boolean
}

/** A certificate with its private key, by path. */
export interface Certificate {
  cert: string
  key: string
}

/** A certificate authority of the tests' own, made with openssl in a directory of its own. */
export class Authority {
  readonly #directory: string
  readonly root: string

  constructor(directory: string, name: string) {
    this.#directory = join(directory, name)
    mkdirSync(this.#directory)
    this.root = join(this.#directory, 'root.crt')
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(this.#directory, 'root.key')]
    openssl(['req', '-x509', ...key, '-out', this.root, '-days', '30', '-subj', `/CN=${name}`])
  }

  /** Signs a certificate; `forServer` gives its key to the user that servers run as. */
  async issue(name: string, wish: CertificateWish, forServer = false): Promise<Certificate> {
    const path = (suffix: string): string => join(this.#directory, `${name}.${suffix}`)
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path('key')]
    openssl(['req', '-new', ...ec, '-out', path('csr'), '-subj', `/CN=${wish.commonName}`])
    const names = wish.alternativeNames === undefined ? '' : `subjectAltName=${wish.alternativeNames}\n`
    writeFileSync(path('ext'), `basicConstraints=CA:FALSE\n${names}`)
    const signer = ['-CA', this.root, '-CAkey', join(this.#directory, 'root.key'), '-CAcreateserial']
    const days = wish.expired ? '-1' : '30'
    openssl(['x509', '-req', '-in', path('csr'), ...signer, '-out', path('crt'), '-days', days, '-extfile', path('ext')])
    chmodSync(path('key'), 0o600)
    const account = forServer ? await serverAccount() : undefined
    if (account) chownSync(path('key'), account.uid, account.gid)
    return { cert: path('crt'), key: path('key') }
  }
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
