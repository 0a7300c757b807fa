import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../../config/index.ts'
import { tokenVariable } from '../../../packer/builders/token-variable.ts'
import { Failure } from '../../platform/failure.ts'
import type { ImageBuilder } from '../image-facts.ts'

export type CloudBuilder = Exclude<ImageBuilder, 'qemu'>

/** What shows that somebody may log in to a cloud: one of the variables is set, or one of the files is there. */
interface Access {
  variables: readonly string[]
  /** Below the home directory. */
  files: readonly string[]
  /** Variables that Packer is given, by their start. */
  passed: RegExp
  hint: string
}

/** Of every cloud, with the variables that its builder reads. */
function accessOf(builder: CloudBuilder, { images: { builders } }: Cluster): Access {
  switch (builder) {
    case 'amazon-ebs':
      return {
        variables: [
          'AWS_ACCESS_KEY_ID',
          'AWS_PROFILE',
          'AWS_WEB_IDENTITY_TOKEN_FILE',
          'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
        ],
        files: ['.aws/credentials', '.aws/config'],
        passed: /^AWS_/,
        hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
      }
    case 'googlecompute':
      return {
        variables: ['GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CREDENTIALS'],
        files: ['.config/gcloud/application_default_credentials.json'],
        passed: /^(GOOGLE|CLOUDSDK)_/,
        hint: 'Run `gcloud auth application-default login`, or name a key file in GOOGLE_APPLICATION_CREDENTIALS.',
      }
    case 'azure-arm':
      return { variables: [], files: ['.azure/azureProfile.json'], passed: /^AZURE_/, hint: 'Run `az login`.' }
    case 'digitalocean':
      return byToken(tokenVariable(builders.digitalocean?.token, 'DIGITALOCEAN_TOKEN'))
    case 'hcloud':
      return byToken(tokenVariable(builders.hcloud?.token, 'HCLOUD_TOKEN'))
  }
}

function byToken(variable: string): Access {
  return { variables: [variable], files: [], passed: new RegExp(`^${variable}$`), hint: `Set ${variable}.` }
}

/**
 * The environment by which Packer logs in to a cloud, and nothing of it that belongs to others.
 *
 * @throws Failure of kind `config` that says what is missing.
 */
export function cloudEnvironment(builder: CloudBuilder, cluster: Cluster, env: NodeJS.ProcessEnv): Record<string, string> {
  if (cluster.images.builders[builder] === undefined) {
    throw new Failure(`the definition says nothing of ${builder}`, {
      ...{ kind: 'config', subject: `images.builders['${builder}']` },
      hint: 'Add it there, with the account and the exact base image.',
    })
  }
  const { variables, files, passed, hint } = accessOf(builder, cluster)
  const home = env.HOME ?? homedir()
  const known = variables.some((name) => env[name] !== undefined) || files.some((file) => existsSync(join(home, file)))
  if (!known) {
    throw new Failure(`there is nothing to log in with for ${builder}`, { kind: 'config', subject: builder, hint })
  }
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    HOME: home,
    ...Object.fromEntries(given.filter(([name]) => passed.test(name) || /^https?_proxy$|^no_proxy$/i.test(name))),
  }
}
