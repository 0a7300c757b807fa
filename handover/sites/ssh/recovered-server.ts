import type { Cluster } from '../../../config/index.ts'
import type { RecoveredServer } from '../site.ts'
import { runPgbackrest } from './pgbackrest.ts'
import type { Remote } from './remote.ts'
import { runSql } from './run-sql.ts'

/** Beside the data, on the same file system. */
const directory = '/var/lib/postgresql/ballast-drill-recovered'
const unit = 'ballast-drill-recovered.service'
const removeSeconds = 600
const startSeconds = 3_600

/** Arguments: directory, data of the running server. A copy takes the room that the data does, and a tenth more is left free. */
const prepareScript = `
set -euo pipefail
taken=$(du --summarize --apparent-size --block-size=1 -- "$2" | cut --fields=1)
free=$(df --output=avail -B1 -- "\${1%/*}" | tail -n 1)
if [ $((taken + taken / 10)) -gt "$free" ]; then
  echo "a copy of $2 takes $taken bytes, and $free are free beside it: enlarge the disk, or leave this drill out" >&2
  exit 1
fi
install --directory --owner=postgres --group=postgres --mode=0700 "$1" "$1/data" "$1/lock" "$1/socket" "$1/spool"
`

/** Arguments: unit, directory. */
const removeScript = `
set -eu
if systemctl is-active --quiet "$1"; then systemctl stop "$1"; fi
systemctl reset-failed "$1" 2>/dev/null || true
rm -rf -- "$2"
`

/** Arguments: directory of the socket. The server ends by itself where it cannot recover. */
const untilRecoveredScript = `
set -eu
until [ "$(runuser -u postgres -- psql -X -A -t -h "$1" -d postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ]; do
  systemctl is-active --quiet "$2" || { journalctl --no-pager --lines=20 --unit="$2" --output=cat >&2; exit 1; }
  sleep 0.2
done
`

/**
 * Restores by pgBackRest what a machine held at a moment, beside its data, and starts a server over it: on a socket of its own, with
 * little memory, and without archiving.
 */
export async function recoverBeside(
  remote: Remote,
  cluster: Cluster,
  moment: string,
  signal: AbortSignal,
): Promise<RecoveredServer> {
  const { version } = cluster.postgres
  const remove = async (): Promise<void> => {
    const words = ['bash', '-s', '--', unit, directory] as const
    await remote.run(words, { input: removeScript, withinSeconds: removeSeconds })
  }
  await remove()
  try {
    const prepare = ['bash', '-s', '--', directory, `/var/lib/postgresql/${version}/main`] as const
    await remote.run(prepare, { input: prepareScript, withinSeconds: removeSeconds, signal })
    await runPgbackrest(remote, cluster.name, [...ownPlaces, '--type=time', `--target=${moment}`, ...restore], signal)
    await remote.run(['systemd-run', ...serviceOptions, '--', ...serverWords(version)], { signal })
    const wait = ['bash', '-s', '--', `${directory}/socket`, unit] as const
    await remote.run(wait, { input: untilRecoveredScript, withinSeconds: startSeconds, signal })
  } catch (error) {
    await remove()
    throw error
  }
  return { sql: (script, options) => runSql(remote, script, { ...options, host: `${directory}/socket` }), stop: remove }
}

/** Also of what fetches its WAL: the archiving of the running server must not wait for that, nor the other way round. */
const ownPlaces = [`--pg1-path=${directory}/data`, `--lock-path=${directory}/lock`, `--spool-path=${directory}/spool`]
const restore = ['--target-action=promote', 'restore']
const serviceOptions = ['--quiet', '--collect', `--unit=${unit}`, '--property=User=postgres', '--property=KillSignal=SIGINT']

/** The settings of the machine, but for what would get in the way of its own server or of the archive. */
function serverWords(version: number): string[] {
  const settings = {
    config_file: `/etc/postgresql/${version}/main/postgresql.conf`,
    data_directory: `${directory}/data`,
    external_pid_file: `${directory}/pid`,
    listen_addresses: '',
    unix_socket_directories: `${directory}/socket`,
    archive_mode: 'off',
    synchronous_standby_names: '',
    shared_buffers: '64MB',
    huge_pages: 'off',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return [`/usr/lib/postgresql/${version}/bin/postgres`, '-D', `${directory}/data`, ...options]
}
