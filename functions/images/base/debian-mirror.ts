/** Where Debian's packages come from. */
export interface Mirror {
  archive: string
  security: string
}

/** Debian's own name for whichever mirror is near. */
const everybodys: Mirror = { archive: 'http://deb.debian.org/debian', security: 'http://deb.debian.org/debian-security' }

/** Arguments of apt-get that list the package indexes of this machine, as {@link machineMirror} reads them. */
export const mirrorQuery = ['indextargets', '--format', '$(LABEL)|$(REPO_URI)', 'Created-By: Packages']

/** The mirror that this machine takes its own packages from, where it is a Debian; otherwise everybody's. */
export function machineMirror(listed: string): Mirror {
  const lines = listed.split('\n').map((line) => line.split('|'))
  const of = (label: string) => lines.find(([its]) => its === label)?.[1]?.replace(/\/$/, '')
  return { archive: of('Debian') ?? everybodys.archive, security: of('Debian-Security') ?? everybodys.security }
}
