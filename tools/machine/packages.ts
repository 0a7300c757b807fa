/** A program or library of the machine that Ballast's demo, tests or benchmarks run. */
export interface Requirement {
  /** Debian's package that brings it. */
  package: string
  /** What it is, as the set-up says it. */
  what: string
  /** Programs that must all be found, on PATH or in the newest PostgreSQL's directory. */
  programs: readonly string[]
  /** Needed by `npm run bench` or `npm test` alone. */
  onlyFor?: Purpose
}

/** What a set-up may be for, beside the demo. */
export type Purpose = 'bench' | 'test'

/** What the machine must have. Node and npm are there already: they started the set-up. */
export const requirements: readonly Requirement[] = [
  {
    package: 'postgresql',
    what: 'PostgreSQL server and client programs',
    programs: ['initdb', 'postgres', 'pg_basebackup', 'psql', 'pg_dump', 'pg_restore', 'pg_amcheck', 'pgbench'],
  },
  { package: 'pgbouncer', what: 'PgBouncer', programs: ['pgbouncer'] },
  { package: 'zstd', what: 'zstd', programs: ['zstd'] },
  {
    package: 'systemd',
    what: 'systemd (to read the units that the timetable makes)',
    programs: ['systemctl', 'systemd-analyze', 'systemd-sysusers', 'systemd-tmpfiles'],
  },
  { package: 'age', what: 'age (to restore encrypted sets by stock tools)', programs: ['age', 'age-keygen'] },
  { package: 'openssl', what: 'openssl (certificates for the TLS tests)', programs: ['openssl'] },
  // Large: 29 s on 2 cores, of which half is the download of 110 MB.
  { package: 'chromium', what: 'Chromium (to look at pages with)', programs: ['chromium'], onlyFor: 'test' },
  { package: 'openssh-client', what: 'OpenSSH (keys for machines that bake)', programs: ['ssh-keygen'], onlyFor: 'test' },
  { package: 'packer', what: 'Packer (to judge and bake images with)', programs: ['packer'], onlyFor: 'test' },
  { package: 'nftables', what: 'nftables (to load the firewall of images)', programs: ['nft'], onlyFor: 'test' },
  { package: 'iproute2', what: 'ip (to lay networks for the firewall)', programs: ['ip'], onlyFor: 'test' },
  { package: 'iputils-ping', what: 'ping', programs: ['ping'], onlyFor: 'test' },
  { package: 'mmdebstrap', what: 'mmdebstrap (to make a docker node of)', programs: ['mmdebstrap'], onlyFor: 'test' },
  { package: 'rclone', what: 'rclone (to upload with)', programs: ['rclone'], onlyFor: 'bench' },
  { package: 'pgbackrest', what: 'pgBackRest (to compare with)', programs: ['pgbackrest'], onlyFor: 'bench' },
]

/** The requirements of this run of which a program is missing. */
export function missingRequirements(has: (program: string) => boolean, purpose?: Purpose): Requirement[] {
  const wanted = requirements.filter(({ onlyFor }) => onlyFor === undefined || onlyFor === purpose)
  return wanted.filter((requirement) => !requirement.programs.every(has))
}

/** The command that installs Debian packages, as a person would type it. */
export function installCommand(packages: readonly string[], asRoot: boolean): string {
  return `${asRoot ? '' : 'sudo '}apt-get install ${packages.join(' ')}`
}
