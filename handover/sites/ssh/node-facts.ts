/** What a machine says of itself before anything is changed on it. */
export interface NodeFacts {
  /** Milliseconds since 1970, by its own clock. */
  clockMs: number
  /** From the image: which cluster it was made for, and in which role; empty where it is no image of Ballast's. */
  cluster: string
  role: string
  /** From the seed. */
  name: string
  /** Of {@link programsOf} those that it lacks. */
  missing: string[]
}

const databasePrograms = [
  'ballast-promote',
  'ballast-rejoin',
  'nft',
  'psql',
  'runuser',
  'setpriv',
  'systemctl',
  'systemd-run',
  'timeout',
]
const dockerPrograms = ['docker', 'nft', 'systemctl', 'systemd-run', 'timeout']

/** The programs that the drills start on a machine of a role. */
export function programsOf(role: 'primary' | 'replica' | 'docker'): readonly string[] {
  return role === 'docker' ? dockerPrograms : databasePrograms
}

/** For `bash -s`, with the programs as arguments: says one fact a line, and changes nothing. */
export const factsScript = `
set -eu
say() { printf '%s=%s\\n' "$1" "$2"; }
value() { if [ -r "$1" ]; then (. "$1"; eval "printf '%s' \\"\\\${$2-}\\""); fi; }
say clockMs "$(date +%s%3N)"
say cluster "$(value /etc/ballast/image.env BALLAST_CLUSTER)"
say role "$(value /etc/ballast/image.env BALLAST_ROLE)"
say name "$(value /etc/ballast/node.env NODE_NAME)"
for program in "$@"; do command -v "$program" >/dev/null || say missing "$program"; done
say end 1
`

/** Reads what {@link factsScript} wrote. @throws Error where it is not whole. */
export function parseFacts(text: string): NodeFacts {
  const lines = text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
  const factOf = (name: string): string => lines.find(([key]) => key === name)?.[1] ?? ''
  const clockMs = Number(factOf('clockMs'))
  if (factOf('end') !== '1' || !Number.isFinite(clockMs)) throw new Error(`a machine said of itself: ${text}`)
  return {
    clockMs,
    ...{ cluster: factOf('cluster'), role: factOf('role'), name: factOf('name') },
    missing: lines.filter(([key]) => key === 'missing').map(([, program]) => program),
  }
}
