import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../../config/cluster.ts'
import { Failure } from '../../platform/failure.ts'
import { withCertificates } from './certificates.ts'

/** What is packaged beside a bundle under {@link definitionFile}. */
export interface BundledDefinition {
  /** Checked and complete; secrets are references. */
  cluster: Cluster
  /** Files that the definition names, each by the name that it has beside the bundle. */
  certificates: Readonly<Record<string, string>>
}

export const definitionFile = 'definition.json'

/** Reads the definition that was packaged with this function. */
export async function bundledDefinition(): Promise<Cluster> {
  const beside = (file: string): string => fileURLToPath(new URL(`./${file}`, import.meta.url))
  try {
    const { cluster, certificates } = JSON.parse(await readFile(beside(definitionFile), 'utf8')) as BundledDefinition
    return withCertificates(cluster, (file) => beside(certificates[file] ?? file))
  } catch (cause) {
    throw new Failure(`the function has no definition (${cause instanceof Error ? cause.message : String(cause)})`, {
      kind: 'config',
      subject: definitionFile,
      hint: 'Package and deploy it again: `npx serverless deploy` puts the definition beside every function.',
      cause,
    })
  }
}
