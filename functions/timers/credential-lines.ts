import type { SecretRef } from '../../config/secret.ts'
import { credentialName } from '../platform/secrets/secret-reference.ts'
import type { Needs } from './operation-needs.ts'
import { literally, type Setting } from './unit-text.ts'

/** Where the secrets are kept that the definition takes from an environment: one file each, readable by root alone. */
export const credentialsDirectory = '/etc/ballast/credentials'

const awsFile = 'aws.credentials'
/** A line break: systemd refuses a credential of no length. */
const empty = '\\n'

/**
 * What hands a service its secrets, and no other. systemd reads the files as root, so that the service's user never can. One
 * that is missing arrives empty, so that the run itself can say which, and tell people through the channels that it has.
 */
export function credentialLines(needs: Pick<Needs, 'secrets' | 'awsChain'>): Setting[] {
  const loaded = credentialSources(needs).flatMap(([name, path]): Setting[] => [
    ['LoadCredential', `${name}:${literally(path)}`],
    ['SetCredential', `${name}:${empty}`],
  ])
  return [...loaded, ...(needs.awsChain ? awsLines : [])]
}

/** The credentials that must be there, by name, and the file of each; sorted. */
export function credentialSources({ secrets }: Pick<Needs, 'secrets'>): [name: string, path: string][] {
  const sources = new Map<string, string>()
  for (const ref of secrets) {
    const name = credentialName(ref)
    if (name !== undefined) sources.set(name, sourceOf(ref, name))
  }
  return [...sources].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Without a shared credentials file the machine's role serves. */
const awsLines: readonly Setting[] = [
  ['LoadCredential', `${awsFile}:${credentialsDirectory}/${awsFile}`],
  ['SetCredential', `${awsFile}:${empty}`],
  ['Environment', `AWS_SHARED_CREDENTIALS_FILE=%d/${awsFile}`],
]

function sourceOf(ref: SecretRef, name: string): string {
  return 'file' in ref ? ref.file : `${credentialsDirectory}/${name}`
}
