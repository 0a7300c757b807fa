import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../../../config/index.ts'
import type { BootedNode } from '../../../functions/images/boot/scene.ts'
import type { Lab } from '../../../functions/images/lab/lab.ts'

/** Files by which the lab's machines are logged in to, and known for what they are. */
export interface LabAccess {
  /** A configuration of OpenSSH with the lab's key, and no host keys but those of its machines. */
  sshConfig: string
  /** The certificates by which PostgreSQL and PgBouncer speak on each machine, which it has signed itself. */
  rootCertificate: string
}

/** Asks every machine for its keys, over the connection that it has let the tests in by. */
export async function writeLabAccess(lab: Lab, { firewall }: Cluster, booted: readonly BootedNode[]): Promise<LabAccess> {
  const knownHosts = join(lab.directory, 'known_hosts')
  const sshConfig = join(lab.directory, 'ssh_config')
  const rootCertificate = join(lab.directory, 'root.crt')
  const hostKeys: string[] = []
  const certificates: string[] = []
  for (const { node, shell } of booted) {
    const { stdout: key } = await shell.run(['cat', '/etc/ssh/ssh_host_ed25519_key.pub'])
    hostKeys.push(knownHost(node.address, firewall.sshPort, key))
    if (node.role === 'docker') continue
    certificates.push((await shell.run(['cat', '/etc/ballast/tls/server.crt'])).stdout)
  }
  await writeFile(knownHosts, hostKeys.join(''))
  await writeFile(rootCertificate, certificates.join(''))
  await writeFile(sshConfig, sshConfigText(lab.key.privateKeyFile, knownHosts))
  return { sshConfig, rootCertificate }
}

/** A line of known_hosts. @param publicKey as the machine has it in /etc/ssh. */
export function knownHost(address: string, port: number, publicKey: string): string {
  const [type, key] = publicKey.trim().split(/\s+/)
  return `${port === 22 ? address : `[${address}]:${port}`} ${type} ${key}\n`
}

function sshConfigText(keyFile: string, knownHosts: string): string {
  return `IdentityFile "${keyFile}"
IdentitiesOnly yes
UserKnownHostsFile "${knownHosts}"
GlobalKnownHostsFile /dev/null
HostKeyAlgorithms ssh-ed25519
`
}
