import type { Cluster } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'

/** The locale of sessions; all but C.UTF-8 have to be made first. */
export function localeFiles({ images }: Cluster): RoleFile[] {
  const { locale } = images.firstBoot
  const content = `LANG=${locale}\n`
  return [
    // Of sessions, and of services.
    { path: '/etc/default/locale', content },
    { path: '/etc/locale.conf', content },
    ...(locale === 'C.UTF-8' ? [] : [{ path: '/etc/locale.gen', content: `${locale} UTF-8\n` }]),
  ]
}
