import type { Cluster } from '../../config/cluster.ts'
import { credentialsDirectory } from './credential-lines.ts'
import type { InstallPlace } from './place.ts'
import { markerComment } from './unit-names.ts'
import { quotedPath } from './unit-text.ts'

/** The system user of the services, for systemd-sysusers: it has no password, no shell and no home but the state directory. */
export function sysusersFile({ name, runtime }: Cluster, { definition }: InstallPlace): string {
  const { user, stateDirectory } = runtime.timers
  return `${markerComment(name, definition)}u ${user} - "Ballast" ${quotedPath(stateDirectory)}\n`
}

/** The directories of the services, for systemd-tmpfiles; at boot, what a scratch server left when the power failed is removed. */
export function tmpfilesFile({ name, runtime }: Cluster, { definition }: InstallPlace): string {
  const { user, stateDirectory } = runtime.timers
  const lines = [
    `d ${quotedPath(stateDirectory)} 0750 ${user} ${user} -`,
    `R! ${quotedPath(`${stateDirectory}/ballast-verify-*`)} - - - -`,
    `d ${credentialsDirectory} 0700 root root -`,
  ]
  return `${markerComment(name, definition)}${lines.join('\n')}\n`
}
