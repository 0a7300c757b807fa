import { readFile, writeFile } from 'node:fs/promises'
import { aptGet, installPackages } from './apt.ts'

/** Releases whose own QEMU is too old to bake with. */
const needBackports = ['bookworm']
const sourceFile = '/etc/apt/sources.list.d/ballast-backports.sources'

/** The suite that has newer versions for this machine's release; undefined where its own are new enough. */
export async function backportsSuite(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const [, codename = ''] = /^VERSION_CODENAME="?(\w+)"?$/m.exec(text) ?? []
  return needBackports.includes(codename) ? `${codename}-backports` : undefined
}

/** The source of a suite, at the mirror that the release itself comes from. */
export function sourceText(suite: string, listed: string): string {
  const release = suite.replace(/-backports$/, '')
  const [, mirror = 'http://deb.debian.org/debian'] =
    listed
      .split('\n')
      .map((line) => line.split('|'))
      .find(([its]) => its === release) ?? []
  return [
    "# Made by the set-up of Ballast, for a newer QEMU than the release's own.",
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${suite}`,
    'Components: main',
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
    '',
  ].join('\n')
}

/** Installs packages from the release's backports. A source is added, and said to be, only where none is configured. */
export async function installBackports(packages: readonly string[], say: (line: string) => void): Promise<void> {
  const suite = (await backportsSuite()) ?? ''
  const listed = await aptGet(['indextargets', '--format', '$(RELEASE)|$(REPO_URI)', 'Created-By: Packages'])
  if (!listed.split('\n').some((line) => line.startsWith(`${suite}|`))) {
    say(`Adding the source of ${suite} in ${sourceFile}: the QEMU of ${suite.replace(/-backports$/, '')} is too old`)
    await writeFile(sourceFile, sourceText(suite, listed))
  }
  await installPackages(packages, suite)
}
