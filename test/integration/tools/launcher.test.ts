import { mkdir, readFile, realpath, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../../functions/platform/process/run.ts'
import { start } from '../../../functions/platform/process/start.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { firstLine } from '../../support/processes.ts'
import { copyOfProject, placeNode } from '../../support/project-copy.ts'

const directory = freshDirectory()
const env = { PATH: '/usr/bin:/bin' }
const files = ['bin/ballast', 'tools/node']
const main = `console.log(JSON.stringify({
  args: process.argv.slice(2), cwd: process.cwd(), node: process.execPath, pid: process.pid, cache: process.env.NODE_COMPILE_CACHE,
}))`

async function launch(command: string, cwd: string, args: readonly string[] = []) {
  const child = start({ command, args, env: { ...env, XDG_CACHE_HOME: join(directory(), 'cache') }, cwd })
  const said = JSON.parse(await firstLine(child.stdout))
  await child.done
  return { ...said, launchedAs: child.pid }
}

test('it starts from any directory, through links, with its arguments untouched and in one process', async () => {
  const project = join(directory(), 'a project')
  const elsewhere = join(directory(), 'elsewhere')
  await copyOfProject(project, files, { 'cli/main.ts': main })
  await placeNode(join(project, 'node_modules'))
  await mkdir(elsewhere)
  await symlink(join(project, 'bin/ballast'), join(elsewhere, 'one'))
  await symlink('one', join(elsewhere, 'two'))

  const args = ['list', '--store', 'a b', '', '*', '$HOME', '--', "it's"]
  const said = await launch(join(elsewhere, 'two'), elsewhere, args)
  expect(said.args).toEqual(args)
  expect(said.cwd).toBe(await realpath(elsewhere))
  expect(said.node).toBe(await realpath(process.execPath))
  expect(said.pid).toBe(said.launchedAs)
  expect(said.cache).toBe(join(directory(), 'cache/ballast/compile'))
})

test('as part of a workspace, it finds the Node that npm hoisted', async () => {
  const modules = join(directory(), 'node_modules')
  const project = join(directory(), 'packages/ballast')
  await copyOfProject(project, files, { 'cli/main.ts': main })
  await placeNode(modules)
  await mkdir(join(modules, '.bin'))
  await symlink('../../packages/ballast/bin/ballast', join(modules, '.bin/ballast'))
  expect(await launch(join(modules, '.bin/ballast'), directory())).toMatchObject({ args: [] })
})

test('without its Node it says what to run, and exits with 2', async () => {
  await copyOfProject(directory(), files, { 'cli/main.ts': main })
  const running = run({ command: join(directory(), 'bin/ballast'), args: [], env, cwd: '/' })
  await expect(running).rejects.toMatchObject({ message: expect.stringContaining('`npm install`'), code: 'exit 2' })
})

test('it needs nothing but a POSIX shell', async () => {
  for (const file of files)
    expect(await readFile(join(import.meta.dirname, '../../..', file), 'utf8')).toMatch(/^#!\/bin\/sh\n/)
})
