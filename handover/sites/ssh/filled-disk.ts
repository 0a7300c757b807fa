import type { SiteDisk } from '../site.ts'
import type { Remote } from './remote.ts'
import { cancelUndo, undoLater } from './undo-later.ts'

/** Beside the data, on the same file system. */
const directory = '/var/lib/postgresql'
const file = `${directory}/ballast-drill-filling`
const undo = 'ballast-drill-clear-disk'
/** A file system that cannot reserve blocks writes every one. */
const fillSeconds = 900

/** Arguments: file, bytes to leave free. Blocks that are reserved for a file are as taken as written ones. */
const fillScript = `
set -euo pipefail
rm -f -- "$1"
free=$(df --output=avail -B1 -- "\${1%/*}" | tail -n 1)
bytes=$((free - $2))
if [ "$bytes" -gt 0 ]; then fallocate --length "$bytes" -- "$1"; fi
`

/** Room on the file system of PostgreSQL's data. What fills it is removed by the machine itself, if nobody does. */
export function filledDisk(remoteOf: (node: string) => Remote): SiteDisk {
  return {
    room: async (node, signal) => {
      const text = await remoteOf(node).run(['df', '--output=size,avail', '-B1', '--', directory], { signal })
      return parseRoom(text)
    },
    fillTo: async (node, freeBytes, signal) => {
      const remote = remoteOf(node)
      await undoLater(remote, undo, ['rm', '-f', '--', file], signal)
      const words = ['bash', '-s', '--', file, String(Math.ceil(freeBytes))] as const
      await remote.run(words, { input: fillScript, withinSeconds: fillSeconds, signal })
    },
    clear: async (node, signal) => {
      const remote = remoteOf(node)
      await remote.run(['rm', '-f', '--', file], { signal })
      await cancelUndo(remote, undo, signal)
    },
  }
}

/** Reads what `df` said, in bytes. @throws Error where it is none of it. */
export function parseRoom(text: string): { total: number; free: number } {
  const [, total, free] = /^\s*(\d+)\s+(\d+)\s*$/m.exec(text) ?? []
  if (total === undefined || free === undefined) throw new Error(`df said: ${text}`)
  return { total: Number(total), free: Number(free) }
}
