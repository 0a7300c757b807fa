import { z } from 'zod'

/** A binary package as dpkg has it installed, with the source package that its security notices are about. */
export const installedPackage = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  architecture: z.string().min(1),
  source: z.string().min(1),
  sourceVersion: z.string().min(1),
})

export type InstalledPackage = z.infer<typeof installedPackage>

/** The packages that dpkg's status file (`/var/lib/dpkg/status`) says are installed, sorted by name and architecture. */
export function installedPackages(status: string): InstalledPackage[] {
  const packages = status.split(/\n{2,}/).flatMap((stanza) => packageOf(stanza) ?? [])
  return packages.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

function packageOf(stanza: string): InstalledPackage | undefined {
  const fields = new Map([...stanza.matchAll(/^([A-Za-z-]+): *(.*)$/gm)].map(([, name = '', value = '']) => [name, value]))
  const [name, version, architecture] = [fields.get('Package'), fields.get('Version'), fields.get('Architecture')]
  if (name === undefined || version === undefined || architecture === undefined) return undefined
  if (fields.get('Status') !== 'install ok installed') return undefined
  return { name, version, architecture, ...sourceOf(fields.get('Source'), name, version) }
}

/** `Source: glibc (2.41-12)`; without a version, or without the field, it is the binary's own. */
function sourceOf(field: string | undefined, name: string, version: string) {
  const [, source = name, sourceVersion = version] = /^(\S+)(?: \((.+)\))?$/.exec(field ?? '') ?? []
  return { source, sourceVersion }
}

function sortKey({ name, architecture }: InstalledPackage): string {
  return `${name} ${architecture}`
}
