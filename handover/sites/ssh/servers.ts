import type { Cluster } from '../../../config/index.ts'
import type { Remote } from './remote.ts'

const pooler = 'pgbouncer.service'
/** In /run: a restart of the machine undoes it. */
const dropIn = '99-ballast-drill.conf'

/** PostgreSQL first. */
function unitsOf({ postgres }: Cluster): [string, string] {
  return [`postgresql@${postgres.version}-main.service`, pooler]
}

/** Arguments: units. Ends them by SIGKILL; systemd, which would start them again, is told before that it may not. */
const killScript = `
set -eu
for unit in "$@"; do
  mkdir -p "/run/systemd/system/$unit.d"
  printf '[Service]\\nRestart=no\\n' >"/run/systemd/system/$unit.d/${dropIn}"
done
systemctl daemon-reload
for unit in "$@"; do
  if systemctl is-active --quiet "$unit"; then systemctl kill --signal=SIGKILL "$unit"; fi
done
for _ in $(seq 100); do
  systemctl is-active --quiet "$@" || exit 0
  sleep 0.1
done
systemctl status --no-pager "$@" >&2
exit 1
`

/** Arguments: units. Lets systemd start them again by itself, and forgets that they were killed. */
const reviveScript = `
set -eu
for unit in "$@"; do rm -f "/run/systemd/system/$unit.d/${dropIn}"; done
systemctl daemon-reload
systemctl reset-failed "$@"
`

/** An emulated machine starts programs slowly; PostgreSQL takes what its recovery takes. */
const killSeconds = 120
const startSeconds = 600
/** The unit's own limit, and a little. */
const stopSeconds = 660
/** pg_promote() waits 300 s. */
const promotionSeconds = 360
/** `ballast-rejoin` waits 120 s for the stream, after the rewinding. */
const rejoinSeconds = 1_800

/** Takes PostgreSQL and PgBouncer away as a power cut does. */
export async function killServers(cluster: Cluster, { run }: Remote, signal: AbortSignal): Promise<void> {
  await run(['bash', '-s', '--', ...unitsOf(cluster)], { input: killScript, withinSeconds: killSeconds, signal })
}

/** Ends PostgreSQL in order: it sends its replicas all that it wrote. */
export async function stopPostgres(cluster: Cluster, { run }: Remote, signal: AbortSignal): Promise<void> {
  await run(['systemctl', 'stop', unitsOf(cluster)[0]], { withinSeconds: stopSeconds, signal })
}

/** Starts what {@link killServers} or {@link stopPostgres} ended, in the role that its files give it. */
export async function startServers(cluster: Cluster, remote: Remote, signal: AbortSignal): Promise<void> {
  await revive(cluster, remote, signal)
  await remote.run(['systemctl', 'start', ...unitsOf(cluster)], { withinSeconds: startSeconds, signal })
}

/** Makes a replica the primary. */
export async function promoteReplica({ run }: Remote, signal: AbortSignal): Promise<void> {
  await run(['ballast-promote'], { withinSeconds: promotionSeconds, signal })
}

/** Makes a node, whether its server runs or not, a replica of the one at that address. */
export async function rejoinPrimary(cluster: Cluster, remote: Remote, primary: string, signal: AbortSignal): Promise<void> {
  await revive(cluster, remote, signal)
  await remote.run(['ballast-rejoin', '--primary', primary], { withinSeconds: rejoinSeconds, signal })
  await remote.run(['systemctl', 'start', pooler], { withinSeconds: startSeconds, signal })
}

async function revive(cluster: Cluster, { run }: Remote, signal: AbortSignal): Promise<void> {
  await run(['bash', '-s', '--', ...unitsOf(cluster)], { input: reviveScript, withinSeconds: killSeconds, signal })
}
