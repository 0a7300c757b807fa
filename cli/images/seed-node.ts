import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { Cluster, Node, SecretRef } from '../../config/index.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import { readSecret } from '../../functions/platform/secrets/read-secret.ts'
import { envFile } from '../../packer/docker-environment.ts'
import { canVerify, SALT_BYTES, scramVerifier } from '../../packer/scram-verifier.ts'
import { renderSeed, type SeedNetwork } from '../../packer/seed.ts'
import { rolesWithoutPassword, type SeedNeed, seedNeeds } from '../../packer/seed-needs.ts'
import type { DefinitionOptions } from '../options.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { requireDefinition } from '../settings/definition.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { writePrivateFiles } from './write-private-files.ts'

/** What `ballast images seed` is told. */
export interface SeedOptions extends DefinitionOptions {
  node: string
  out: string
  /** `role=file` each. */
  password: string[]
  prefixLength?: number
  gateway?: string
  nameServer: string[]
}

/** Writes the seed of one node into a directory that only its owner can read. */
export async function seedNode(options: SeedOptions, { target, note }: CommandContext): Promise<CommandResult> {
  const cluster = await requireDefinition(options.config)
  const node = namedNode(cluster, options.node)
  target(`${cluster.name}/${node.name}`)
  const needs = seedNeeds(cluster, node, ownPasswords(cluster, options.password))
  const secrets = await readNeeds(needs, commandEnvironment(cluster))
  if (node.role === 'replica' && secrets['replication-password'] === undefined) throw noReplicationPassword(cluster)
  if (cluster.images.firstBoot.adminKeys.length === 0) {
    note('images.firstBoot.adminKeys is empty: nobody can log in, unless the cloud hands over a key.')
  }
  const directory = resolve(options.out)
  await writePrivateFiles(directory, renderSeed(cluster, node, secrets, network(options)))
  const outcome: Outcome = {
    ...{ operation: 'images seed', subject: `${cluster.name}/${node.name}`, ok: true },
    numbers: { secrets: needs.length },
    details: { directory, secrets: Object.keys(secrets) },
  }
  return { outcome, text: seedText(options.out, Object.keys(secrets)) }
}

function namedNode(cluster: Cluster, name: string): Node {
  const node = cluster.nodes.find((candidate) => candidate.name === name)
  if (node !== undefined) return node
  const names = cluster.nodes.map((candidate) => candidate.name).join(', ')
  throw configFailure(`the definition has no node "${name}"`, '--node', `Name one of ${names}.`)
}

function ownPasswords(cluster: Cluster, given: readonly string[]): Map<string, SecretRef> {
  const known = rolesWithoutPassword(cluster)
  return new Map(
    given.map((text) => {
      const [, role = '', file = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
      if (known.includes(role)) return [role, { file: resolve(file) }]
      throw configFailure(
        `"${text}" gives no password to an owner of a database`,
        '--password',
        `Write ROLE=FILE with one of ${known.join(', ')}, and the password alone in the file.`,
      )
    }),
  )
}

async function readNeeds(needs: readonly SeedNeed[], env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const { file, form, secrets } of needs) {
    const entries: { name: string; value: string }[] = []
    for (const { name, ref } of secrets) entries.push({ name, value: await readSecret(ref, env) })
    const [{ value } = { value: '' }] = entries
    files[file] = form === 'environment' ? envFile(entries) : form === 'verifier' ? verifier(file, value) : value
  }
  return files
}

function verifier(file: string, password: string): string {
  if (canVerify(password)) return scramVerifier(password, randomBytes(SALT_BYTES))
  const role = file.replace(/\.verifier$/, '')
  throw configFailure(
    `the password of ${role} has characters beyond ASCII, of which only PostgreSQL itself can make a verifier`,
    role,
    `Use letters, digits and signs of ASCII, or leave it out here and set it on the primary: psql, then \\password ${role}.`,
  )
}

function noReplicationPassword({ accounts }: Cluster) {
  return configFailure(
    `a replica logs in at its primary as ${accounts.replication.user}, and the definition refers to no password for it`,
    'accounts.replication.password',
    "Refer to one: accounts: { replication: { password: secret('name') } }.",
  )
}

function network({ prefixLength, gateway, nameServer }: SeedOptions): SeedNetwork | undefined {
  for (const address of [...(gateway === undefined ? [] : [gateway]), ...nameServer]) {
    if (isIP(address) === 0)
      throw configFailure(`"${address}" is no address`, '--gateway, --name-server', 'Write an IPv4 or IPv6 address.')
  }
  if (prefixLength !== undefined) return { prefixLength, gateway, nameServers: nameServer }
  if (gateway === undefined && nameServer.length === 0) return undefined
  throw configFailure(
    'without --prefix-length the machine asks by DHCP',
    '--gateway',
    'Give --prefix-length as well, or neither.',
  )
}

function seedText(out: string, names: readonly string[]): string {
  const holds =
    names.length === 0 ? 'It holds no secret.' : `It holds secrets: ${names.join(', ')}. Delete it after the first boot.`
  return `${out}: user-data, meta-data and network-config. ${holds}\n`
}
