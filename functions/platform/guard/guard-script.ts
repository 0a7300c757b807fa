/**
 * The guard: a POSIX shell that blocks on its standard input, which every caller holds open as a pipe. Lines tell it which
 * processes to end (`pid <pid> <signal>`), what to unmount (`mount <path>`) and which directories to remove (`dir <path>`). When the last holder of the pipe is
 * gone, however it went, it ends what is still alive, newest first, unmounts, and then removes the directories.
 *
 * A pid is remembered with its start time, so that a number the system has reused is left alone.
 */
export const guardScript = `
trap '' HUP INT QUIT TERM PIPE
started() { IFS= read -r line 2>/dev/null <"/proc/$1/stat" || return 1; set -- \${line##*) }; [ "$1" != Z ] || return 1; shift 19; echo "$1"; }
pids='' directories='' mounts=''
while read -r kind value signal; do
  case $kind in
    pid) at=$(started "$value") && pids="$value:$signal:$at $pids" ;;
    dir) directories="$value
$directories" ;;
    mount) mounts="$value
$mounts" ;;
  esac
done
alive() { [ "$(started "\${1%%:*}")" = "\${1##*:}" ]; }
any_alive() { for entry in $pids; do alive "$entry" && return 0; done; return 1; }
for entry in $pids; do
  signal=\${entry#*:}; signal=\${signal%%:*}
  alive "$entry" && kill -s "$signal" -- "-\${entry%%:*}" 2>/dev/null
done
rounds=0
while any_alive && [ "$rounds" -lt 200 ]; do rounds=$((rounds + 1)); sleep 0.05; done
for entry in $pids; do alive "$entry" && kill -s KILL -- "-\${entry%%:*}" 2>/dev/null; done
printf %s "$mounts" | while IFS= read -r directory; do umount -l -- "$directory" 2>/dev/null; done
printf %s "$directories" | while IFS= read -r directory; do
  rounds=0
  while [ -e "$directory" ] && [ "$rounds" -lt 100 ]; do
    rm -rf -- "$directory" 2>/dev/null || sleep 0.05
    rounds=$((rounds + 1))
  done
done
`

/** The shell that announces itself to the guard on descriptor 3 and then becomes the command: no moment is unguarded. */
export const announceScript = 'signal=$1; shift; echo "pid $$ $signal" >&3; exec 3>&-; exec "$@"'
