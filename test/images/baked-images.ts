import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type KeptDirectories, keepDirectory, keptDirectory } from '../../functions/images/base/kept-directories.ts'
import { cacheDirectory } from '../../functions/platform/cache-directory.ts'
import type { ImageRole } from '../../packer/roles.ts'
import { ballast } from '../support/run-cli.ts'
import { imageKey } from './input-keys.ts'

/** The definition that images are tested with. */
export const definitionFile = fileURLToPath(new URL('./lab.config.ts', import.meta.url))

/** Two states of the sources, with three roles each. */
const kept: KeptDirectories = { parent: join(cacheDirectory(process.env), 'images', 'baked'), limit: 6 }

/** The directory of a role's image, made from the sources as they are: the one baked before, or a new one. */
export async function bakedImage(role: ImageRole): Promise<string> {
  const name = `${role}-${await imageKey(role)}`
  const directory = (await keptDirectory(kept, name)) ?? (await keepDirectory(kept, name, (own) => bake(role, own)))
  const [image] = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  if (image === undefined) throw new Error(`there is no image in ${directory}`)
  return join(directory, image.name)
}

/** By the command, as people do. */
async function bake(role: ImageRole, out: string): Promise<void> {
  const args = ['images', 'bake', '--config', definitionFile, '--role', role, '--out', out]
  const child = spawn(ballast, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`baking the image of the role ${role} ended with code ${code}`)
}
