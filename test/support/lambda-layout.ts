import { chmod, chown, copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { serverAccount } from '../../functions/platform/postgres/server-account.ts'
import { run } from '../../functions/platform/process/run.ts'
import { lambdaRuntimePath } from '../../tools/lambda-runtime/build.ts'

/** What functions/Dockerfile lays out in the image, in a directory that every user may read. */
export interface LambdaLayout {
  programs: { node: string; client: string }
  /** The empty server that a verification copies. */
  template: string
  /** Belongs to {@link nameless}: all that it may write to. */
  temporary: string
  remove(): Promise<void>
}

/** A user that the system has no name for, as Lambda's is in an image. */
export const nameless = { uid: 993, gid: 990 }

/** Lays it out; root is needed to give a directory to another user. */
export async function createLambdaLayout(pgBin: string): Promise<LambdaLayout> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-image-'))
  const [node, modules] = [join(directory, 'node'), join(directory, 'node_modules')]
  const [template, temporary] = [join(directory, 'template/empty-server'), join(directory, 'tmp')]
  await chmod(directory, 0o755)
  await copyFile(process.execPath, node)
  const built = dirname(dirname(await lambdaRuntimePath()))
  for (const name of ['aws-lambda-ric', '@aws']) await cp(join(built, name), join(modules, name), { recursive: true })
  const account = await serverAccount()
  for (const made of [dirname(template), temporary]) await mkdir(made)
  if (account !== undefined) await chown(dirname(template), account.uid, account.gid)
  const locale = ['--encoding=UTF8', '--locale=C', '--auth=trust', '--no-sync', '--no-instructions']
  const args = ['-D', template, '-U', 'postgres', ...locale]
  await run({ command: join(pgBin, 'initdb'), args, env: { LANG: 'C.UTF-8' }, cwd: directory, ...account })
  await run({ command: '/bin/chmod', args: ['-R', 'a+rX', template], env: {} })
  await chown(temporary, nameless.uid, nameless.gid)
  const client = join(modules, 'aws-lambda-ric/index.mjs')
  return { programs: { node, client }, template, temporary, remove: () => rm(directory, { recursive: true, force: true }) }
}
