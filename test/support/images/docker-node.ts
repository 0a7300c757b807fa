import { type ChildProcess, execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../../config/index.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { roleFiles } from '../../../packer/files/role-files.ts'
import { findDockerTree } from '../../../tools/docker-tree/find.ts'
import type { NetworkNamespace } from './network-namespace.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const boot = fileURLToPath(new URL('../programs/boot-docker-node.sh', import.meta.url))
const env = { PATH: '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8' }

/** How a command ended, and what it said. */
export interface NodeEnd {
  code: number
  stdout: string
  stderr: string
}

/** Debian 13 with a Docker engine of its own, in a network of its own, made by the scripts and files of the docker role. */
export interface DockerNode {
  /** Runs a script there, by bash. */
  sh(script: string, input?: string): Promise<NodeEnd>
  /** The same, and fails unless it ends well; returns what it wrote. */
  done(script: string, input?: string): Promise<string>
  /** Starts the engine as the machine's unit does, and waits until it answers; ends one that runs. */
  startDocker(): Promise<void>
  close(): Promise<void>
}

const steps = ['install-files', 'set-docker', 'set-application', 'set-firewall']
/** A test does not wait for health checks as long as a machine does. */
function hasty(content: string): string {
  const quicker = content
    .replaceAll('interval: "10s"', 'interval: "1s"')
    .replaceAll('start_period: "60s"', 'start_period: "2s"')
  if (quicker === content) throw new Error('no health check was made quicker')
  return quicker
}

/**
 * The machine after the bake's steps for the docker role, each followed by its check; its health checks are quicker.
 *
 * @param brought paths of files that it gets in /tmp/ballast/brought, by their names there.
 */
export async function openDockerNode(
  cluster: Cluster,
  network: NetworkNamespace,
  brought: Readonly<Record<string, string>> = {},
): Promise<DockerNode> {
  const tree = findDockerTree(process.env)
  if (tree === undefined) throw new Error("there is no tree of a docker node's packages: run `tools/setup --test`")
  const directory = await mkdtemp(join(tmpdir(), 'ballast-docker-'))
  const [root, stage] = [join(directory, 'node'), join(directory, 'stage')]
  await mkdir(root)
  await writeStage(stage, cluster)
  for (const [name, path] of Object.entries(brought)) await cp(path, join(stage, 'brought', name), { recursive: true })
  const unshare = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child']
  const machine = await network.start('unshare', [...unshare, boot, root, tree, stage])
  const first = firstProcess(machine)
  const sh: DockerNode['sh'] = (script, input = '') =>
    execute(['--target', first, '--all', '--root', '--wd', 'bash', '-c', script], input)
  const done: DockerNode['done'] = async (script, input) => {
    const { code, stdout, stderr } = await sh(script, input)
    if (code !== 0) throw new Error(`'${script}' ended with ${code}:\n${stdout}${stderr}`)
    return stdout
  }
  const cgroup = `ballast-docker-${process.pid}-${first}`
  const startDocker = async (): Promise<void> => {
    await done(`if pid=$(cat /run/docker.pid 2>/dev/null); then kill $pid; while [ -e /proc/$pid ]; do sleep 0.1; done; fi
      setsid dockerd --cgroup-parent=${cgroup} >>/var/log/dockerd.log 2>&1 </dev/null &
      for _ in $(seq 300); do docker info >/dev/null 2>&1 && exit; sleep 0.1; done; cat /var/log/dockerd.log; exit 1`)
  }
  // With the first process all others end, those of containers too.
  const close = async (): Promise<void> => {
    await network.close()
    await run({ command: 'find', args: ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', `*/${cgroup}*`, '-delete'], env })
    await rm(directory, { recursive: true, force: true })
  }
  try {
    for (const step of steps) await done(`cd /tmp/ballast/image-scripts && bash ${step}.sh && bash verify/${step}.sh`)
    return { sh, done, startDocker, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What a bake uploads to /tmp/ballast. */
async function writeStage(stage: string, cluster: Cluster): Promise<void> {
  await cp(join(project, 'image-scripts'), join(stage, 'image-scripts'), { recursive: true })
  for (const { path, content } of roleFiles(cluster, 'docker')) {
    const place = join(stage, 'root', path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, path.endsWith('compose.yaml') ? hasty(content) : content)
  }
}

/** The child of `unshare` is the first process of the machine. */
function firstProcess({ pid }: ChildProcess): string {
  const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return first
}

function execute(args: readonly string[], input: string): Promise<NodeEnd> {
  return new Promise((resolve) => {
    const child = execFile('nsenter', args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
    // A command that ends without reading all of it says so by its exit code.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
