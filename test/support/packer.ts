import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'
import type { Cluster } from '../../config/index.ts'
import { findProgram, programDirectories } from '../../functions/platform/process/programs.ts'
import type { BuilderName } from '../../packer/builders/builder.ts'
import type { PackerForm } from '../../packer/packer-form.ts'
import { renderTemplates } from '../../packer/render.ts'
import type { ImageRole } from '../../packer/roles.ts'
import { writeTemplates } from '../../packer/write.ts'

/** Debian's Packer, which has the builders in it and so knows every key; the last one before plugins were taken out. */
export async function debianPacker(): Promise<string> {
  for (const directory of await programDirectories(process.env)) {
    const path = await findProgram('packer', [directory])
    if (path !== undefined && (await packerVersion(path)).startsWith('1.6.')) return path
  }
  throw new Error('there is no Packer 1.6: install it with `apt-get install packer`')
}

async function packerVersion(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['version'], { env: { CHECKPOINT_DISABLE: '1' } })
  return /v([\d.]+)/.exec(stdout)?.[1] ?? ''
}

/** Rendered templates on the disk, with what they point to. */
export interface TemplateTree {
  /** Where a role's template for a builder is. */
  directory(role: ImageRole, builder: BuilderName): string
  /** What a build must be given, for the builder. */
  variables(builder: BuilderName): Record<string, string>
  root(): string
}

/** Writes a cluster's templates for the tests of a file. */
export function useTemplateTree(cluster: Cluster, form: PackerForm): TemplateTree {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ballast-packer-'))
    await mkdir(join(root, 'image-scripts'))
    const rendered = renderTemplates(cluster, 'ballast.config.ts', form)
    await writeTemplates(
      join(root, 'templates'),
      rendered,
      rendered.map(({ path }) => ({ path, change: 'new' })),
    )
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'key')])
  })
  afterAll(() => rm(root, { recursive: true, force: true }))
  const common = () => ({ commit: '0'.repeat(40), date: '2026-11-26T22:00:00Z', image_scripts: join(root, 'image-scripts') })
  const own = (builder: BuilderName): Record<string, string> => {
    if (builder === 'googlecompute') return { network: 'shop' }
    if (builder !== 'qemu') return {}
    const files = {
      base_image: join(root, 'key.pub'),
      seed_image: join(root, 'seed.iso'),
      ssh_private_key_file: join(root, 'key'),
    }
    return { ...files, base_checksum: `sha256:${'a'.repeat(64)}`, output_directory: join(root, 'image'), accelerator: 'tcg' }
  }
  return {
    root: () => root,
    directory: (role, builder) => join(root, 'templates', role, builder),
    variables: (builder) => ({ ...common(), ...own(builder) }),
  }
}

/** What a run of Packer said, and how it ended. */
export interface PackerSaid {
  code: number
  output: string
}

/** Stands for the token of an account; no output may show it. */
export const ACCOUNT_TOKEN = 'the-token-of-an-account'

/** `packer validate`, without any account or network. */
export function validate(
  packer: string,
  directory: string,
  variables: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<PackerSaid> {
  return runPacker(packer, ['validate', ...flags], variables, directory)
}

/** `packer inspect` of one file: what Packer makes of variables, locals and the build, without any plugin. */
export function inspect(packer: string, file: string, variables: Readonly<Record<string, string>>): Promise<PackerSaid> {
  return runPacker(packer, ['inspect'], variables, file)
}

async function runPacker(
  packer: string,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  path: string,
): Promise<PackerSaid> {
  const given = Object.entries(variables).flatMap(([name, value]) => ['-var', `${name}=${value}`])
  const tokens = { DIGITALOCEAN_TOKEN: ACCOUNT_TOKEN, HCLOUD_TOKEN: ACCOUNT_TOKEN }
  const env = { CHECKPOINT_DISABLE: '1', HOME: dirname(path), PATH: '/usr/bin:/bin', ...tokens }
  return await promisify(execFile)(packer, [...command, ...given, path], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, output: stdout + stderr }),
  )
}
