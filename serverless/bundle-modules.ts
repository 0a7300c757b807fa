import { copyFile, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')
/** Some packages are CommonJS, and ask for Node's own modules when they run. */
const bannerFile = join(import.meta.dirname, 'bundle-banner.mjs')

/** How a source names a file beside it, to be read or to be run as a thread. */
const besideSource = /new URL\('\.\/([\w-]+\.\w+)', import\.meta\.url\)/g

/**
 * Bundles a module with all that it imports into one flat directory, where the files that the sources name by a path beside
 * them lie beside the bundle: modules of threads as bundles of their own, everything else as it is.
 *
 * @param entry path of the module, below the project's root.
 */
export async function bundleModules(entry: string, directory: string): Promise<void> {
  const modules = new Set([entry])
  const files = new Set<string>()
  for (let bundled = 0; bundled < modules.size; ) {
    bundled = modules.size
    for (const path of await bundleOnce([...modules], directory)) {
      if (path.endsWith('.ts')) modules.add(path)
      else files.add(path)
    }
  }
  for (const path of files) await copyFile(join(root, path), join(directory, basename(path)))
}

/** Bundles the modules, and returns the paths that their sources name beside them. */
async function bundleOnce(modules: readonly string[], directory: string): Promise<string[]> {
  const named: string[] = []
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(modules.map((path) => [basename(path, '.ts'), path])),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24', logLevel: 'silent' },
    // Names stay, for stack traces.
    ...{ minifyWhitespace: true, minifySyntax: true, legalComments: 'none' },
    // Of a package that has both kinds the modules: what is not used is left out, and names survive an import at run time.
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    banner: { js: await readFile(bannerFile, 'utf8') },
    plugins: [namesBesideBundles(named)],
  })
  return named.sort()
}

function namesBesideBundles(named: string[]): Plugin {
  return {
    name: 'names-beside-bundles',
    setup: ({ onLoad }) => {
      onLoad({ filter: /[/\\]functions[/\\].*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        const contents = text.replace(besideSource, (whole, file: string) => {
          named.push(join(dirname(path).slice(root.length + 1), file))
          return whole.replace(/\.ts'/, ".mjs'")
        })
        return { contents, loader: 'ts' }
      })
    },
  }
}
