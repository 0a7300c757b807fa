import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../platform/failure.ts'
import { run } from '../../platform/process/run.ts'
import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { project } from '../bake/workshop.ts'
import { writeRoleFiles } from '../bake/write-template.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import type { BootedNode } from './scene.ts'

const stage = '/tmp/ballast'
const withinMs = 10 * 60_000

/** Runs the checks that the bake ended its steps with once more, on the machine that came of it. */
export async function checkVerifyScripts({ lab, cluster, node: { role }, shell }: BootedNode): Promise<LabFinding> {
  const directory = await mkdtemp(join(lab.directory, 'stage-'))
  try {
    await writeRoleFiles(join(directory, 'root'), cluster, role)
    await shell.run(['install', '-d', '-m', '0700', stage])
    await upload(shell, join(project, 'image-scripts'), `${stage}/image-scripts`)
    await upload(shell, join(directory, 'root'), `${stage}/root`)
    // What the checks find goes to standard output; of a command that fails, the other one is told.
    const all = ['sh', '-c', 'exec bash "$0" "$1" >&2', `${stage}/image-scripts/verify.sh`, role]
    const { stderr } = await shell.run(all, { timeoutMs: withinMs })
    return judge([], stderr.trim().split('\n').at(-1) ?? '')
  } catch (error) {
    if (error instanceof Failure) return judge([error.message], '')
    throw error
  } finally {
    await shell.run(['rm', '-rf', stage])
    await rm(directory, { recursive: true })
  }
}

/** Copies a directory's content into the guest. */
async function upload(shell: GuestShell, from: string, to: string): Promise<void> {
  const { stdout } = await run({
    ...{ command: '/usr/bin/tar', args: ['-C', from, '-c', '--owner=0', '--group=0', '.'], env: {}, timeoutMs: 60_000 },
  })
  await shell.run(['install', '-d', to])
  await shell.run(['tar', '-C', to, '-x'], { input: stdout })
}
