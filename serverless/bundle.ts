import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../config/cluster.ts'
import { ConfigError } from '../config/problems.ts'
import { ballastVersion } from '../functions/archive/version.ts'
import { type BundledDefinition, definitionFile } from '../functions/runtime/lambda/bundled-definition.ts'
import { certificateFiles } from '../functions/runtime/lambda/certificates.ts'
import { bundleModules } from './bundle-modules.ts'
import { checkMachine } from './check-machine.ts'
import { buildDirectory, bundleDirectory, bundlePackage } from './function-section.ts'
import { handlerSource, type LambdaFunction, lambdaFunctions } from './functions.ts'
import { reachOf } from './reach.ts'
import { machineDefinitions } from './state-machine/resources.ts'

/**
 * Makes what is packaged: per function one directory with its code as JavaScript modules, the definition, and the
 * certificates that it names. The same sources and definition give the same bytes. A state machine is checked before.
 *
 * @param directory of the project that is packaged; the sources are those of this Ballast.
 */
export async function bundleFunctions(whole: Cluster, directory: string): Promise<LambdaFunction[]> {
  const { cluster } = reachOf(whole)
  const functions = lambdaFunctions(cluster)
  for (const { definition } of machineDefinitions(cluster, functions)) checkMachine(definition)
  await rm(join(directory, buildDirectory), { recursive: true, force: true })
  for (const { operation, network } of functions) {
    const to = join(directory, bundleDirectory(operation))
    await mkdir(to, { recursive: true })
    await bundleModules(handlerSource(operation), to)
    await writeDefinition(cluster, network, to)
  }
  await writeFile(join(directory, bundlePackage), `${JSON.stringify({ version: ballastVersion, type: 'module' })}\n`)
  return functions
}

async function writeDefinition(cluster: Cluster, network: boolean, directory: string): Promise<void> {
  const certificates: Record<string, string> = {}
  for (const [index, file] of (network ? certificateFiles(cluster) : []).entries()) {
    certificates[file] = `certificate-${index + 1}.crt`
    await copyCertificate(file, join(directory, certificates[file]))
  }
  const content: BundledDefinition = { cluster, certificates }
  await writeFile(join(directory, definitionFile), `${JSON.stringify(content)}\n`)
}

async function copyCertificate(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((cause: NodeJS.ErrnoException) => {
    const rule = `${from} cannot be read here (${cause.code}), and functions need it to check the servers`
    const fix = 'put the certificate there on the machine that packages'
    throw new ConfigError([{ path: 'postgres.tls.rootCertificate', rule, fix }], undefined, cause)
  })
}
