import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeRoleFiles } from '../../../functions/images/bake/write-template.ts'
import type { ImageRole } from '../../../packer/roles.ts'
import type { BootedSystemd } from '../../support/booted-systemd.ts'
import cluster from '../lab.config.ts'

const scripts = fileURLToPath(new URL('../../../image-scripts', import.meta.url))

/** Puts the scripts of the bake and the role's files where a bake has them. */
export async function stageScripts(machine: BootedSystemd, role: ImageRole): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-stage-'))
  try {
    const root = join(directory, 'root')
    await writeRoleFiles(root, cluster, role)
    await unpackInto(machine, scripts, '/tmp/ballast/image-scripts')
    await unpackInto(machine, root, '/tmp/ballast/root')
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Only text: what is handed to a machine is a string. */
async function unpackInto(machine: BootedSystemd, from: string, to: string): Promise<void> {
  const packed = execFileSync('tar', ['-C', from, '--owner=0', '--group=0', '-c', '.'], { encoding: 'utf8' })
  const { code, stderr } = await machine.run('bash', ['-c', `mkdir -p ${to} && tar -C ${to} -x`], packed)
  if (code !== 0) throw new Error(`the scripts did not arrive: ${stderr}`)
}
