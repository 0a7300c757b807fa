import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSeedDisk } from '../../platform/qemu/seed-disk.ts'
import { makeSshKey } from '../ssh-key.ts'
import { bakeSeed } from './bake-seed.ts'
import { bakeReader } from './bake-steps.ts'
import { runPacker } from './run-packer.ts'
import { project, type Workshop } from './workshop.ts'
import { writeTemplate } from './write-template.ts'

const logName = 'packer.log'

/**
 * Runs Packer's qemu builder on the base disk, and returns the path of the disk that it leaves. Where it fails, its log is
 * kept beside the images, and named.
 */
export async function buildDisk(shop: Workshop): Promise<string> {
  const { cluster, role, source, guard, packer, directory, clock, signal } = shop
  clock.begin('prepare')
  const template = await writeTemplate(join(directory, 'templates'), { cluster, role, builder: 'qemu', source }, packer)
  const key = await makeSshKey(directory)
  const seed = join(directory, 'seed.iso')
  await writeSeedDisk(seed, bakeSeed(key.publicKey))
  const output = join(directory, 'built')
  const log = join(directory, logName)
  const read = bakeReader()
  const onLine = (line: string): void => {
    const event = read(line)
    if (event?.type === 'begins') clock.begin(event.name)
    if (event?.type === 'took') clock.add(event.step)
  }
  const variables = variablesOf(shop, { seed_image: seed, ssh_private_key_file: key.privateKeyFile, output_directory: output })
  try {
    await runPacker(guard, { packer, template, variables, directory, log, env: {}, signal, onLine })
  } catch (error) {
    await keepLog(shop, log)
    throw error
  }
  return join(output, `${role}.qcow2`)
}

function variablesOf(shop: Workshop, own: Readonly<Record<string, string>>): Record<string, string> {
  const { base, accelerator, qemu, commit, date, directory } = shop
  return {
    ...own,
    base_image: base.path,
    base_checksum: `sha256:${base.sha256}`,
    accelerator,
    qemu_binary: qemu.system,
    serial: `file:${join(directory, 'console')}`,
    commit,
    date,
    image_scripts: join(project, 'image-scripts'),
    manifest: join(directory, 'packer-manifest.json'),
  }
}

async function keepLog({ out, name, say }: Workshop, log: string): Promise<void> {
  const kept = join(out, `${name}.log`)
  await copyFile(log, kept).then(
    () => say(`Packer's whole output is in ${kept}`),
    () => undefined,
  )
}
