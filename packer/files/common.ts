import type { RenderFiles } from '../role-file.ts'
import { localeFiles } from './locale.ts'
import { nodeExporterFiles } from './node-exporter.ts'
import { securityUpdateFiles } from './security-updates.ts'
import { sshFiles } from './ssh.ts'
import { timeFiles } from './time.ts'

/** What follows from the definition in the image of every role. */
export const commonFiles: RenderFiles = (cluster, role) => [
  ...sshFiles(cluster),
  ...securityUpdateFiles(cluster, role),
  ...timeFiles(cluster),
  ...localeFiles(cluster),
  ...nodeExporterFiles(cluster),
]
