import { mkdir, mkdtemp, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { imageFamily } from '../../../packer/tags.ts'
import { Failure } from '../../platform/failure.ts'
import { startGuard } from '../../platform/guard/guard.ts'
import { workingCommit } from '../working-commit.ts'
import { type CloudBuilder, cloudEnvironment } from './cloud-access.ts'
import { findPacker, type Packer } from './find-packer.ts'
import { buildDate, imageStamp } from './image-stamp.ts'
import { runPacker } from './run-packer.ts'
import { type BakeOptions, project } from './workshop.ts'
import { writeTemplate } from './write-template.ts'

/** A bake in a cloud. */
export interface CloudBakeOptions extends BakeOptions {
  builder: CloudBuilder
  /** Values of the template's variables that the definition does not have. */
  variables: Readonly<Record<string, string>>
}

/** An image that a cloud keeps. */
export interface CloudImage {
  name: string
  /** As Packer and the cloud name it: `sa-east-1:ami-0123456789abcdef0`. */
  id: string
  /** What Packer says of it. */
  manifestFile: string
}

const packerManifest = z.object({ builds: z.array(z.object({ artifact_id: z.string().min(1) })).min(1) })

/** Bakes a role's image in a cloud, by the same template and scripts as a disk. */
export async function bakeCloud(options: CloudBakeOptions): Promise<CloudImage> {
  const { cluster, role, builder, source, out, env, signal, say } = options
  const access = cloudEnvironment(builder, cluster, env)
  const packer = requirePlugins(await findPacker(env), builder)
  const commit = await workingCommit(project, env)
  const date = buildDate(Date.now())
  const name = `${imageFamily(cluster, role)}-${imageStamp(date)}`
  const guard = startGuard()
  try {
    await mkdir(out, { recursive: true })
    const directory = await mkdtemp(join(out, '.bake-'))
    guard.removeAtEnd(directory)
    const template = await writeTemplate(join(directory, 'templates'), { cluster, role, builder, source }, packer)
    const manifest = join(directory, 'packer-manifest.json')
    const variables = { ...options.variables, commit, date, manifest, image_scripts: join(project, 'image-scripts') }
    const log = join(out, `${name}.log`)
    say(`baking with ${builder}; the whole output is in ${log}`)
    await runPacker(guard, { packer, template, variables, directory, log, env: access, signal, onLine: say })
    const manifestFile = join(out, `${name}.${builder}.json`)
    await rename(manifest, manifestFile)
    const { builds } = packerManifest.parse(JSON.parse(await readFile(manifestFile, 'utf8')))
    return { name, id: builds.at(-1)?.artifact_id ?? '', manifestFile }
  } finally {
    await guard.release()
  }
}

function requirePlugins(packer: Packer, builder: CloudBuilder): Packer {
  if (packer.generation === 'plugins') return packer
  throw new Failure(`Packer ${packer.version} does not know what the template asks of ${builder}`, {
    ...{ kind: 'config', subject: 'packer' },
    hint: 'Put Packer 1.11 or newer on PATH; `packer init` then fetches the plugin that the template pins.',
  })
}
