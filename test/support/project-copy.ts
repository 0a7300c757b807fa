import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Makes a directory that holds some of the project's own files, and others with the text given. */
export async function copyOfProject(
  directory: string,
  files: readonly string[],
  others: Record<string, string>,
): Promise<void> {
  for (const file of files) await cp(join(root, file), join(directory, file))
  for (const [file, text] of Object.entries(others)) {
    await mkdir(dirname(join(directory, file)), { recursive: true })
    await writeFile(join(directory, file), text)
  }
}

/** Name of the npm package that carries this machine's Node. */
export const nodePackage = `node-linux-${process.arch}`

/** Puts the Node that runs this test where npm would have installed it, below a directory. */
export async function placeNode(directory: string): Promise<void> {
  await mkdir(join(directory, nodePackage, 'bin'), { recursive: true })
  await symlink(process.execPath, join(directory, nodePackage, 'bin', 'node'))
}
